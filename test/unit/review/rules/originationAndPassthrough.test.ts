import assert from "node:assert/strict";
import {
    HTTPS,
    TCP,
    destinationRule,
    gateway,
    server,
    serviceEntry,
    toldBy,
    virtualService,
    way,
} from "../../../support/objects";

const told = toldBy("origination-and-passthrough");

const HOST = "api.partner.example";
const NAMED = { sni: HOST, subjectAltNames: [HOST] };

describe("origination-and-passthrough", () => {
    const found = ["origination-and-passthrough DestinationRule gateways/partner spec.trafficPolicy.tls"];
    const GATEWAY = "egress.gateways.svc.cluster.local";
    const own = { exportTo: ["."] };
    const entryHere = serviceEntry("gateways/partner", [HOST], [{ ...HTTPS, protocol: "TLS" }], own);
    const originate = destinationRule("gateways/partner", HOST, { mode: "SIMPLE", ...NAMED }, own);
    const leave = destinationRule("gateways/partner", HOST, { mode: "DISABLE" }, own);

    it("finds it behind a passthrough server", () => {
        const objects = [
            entryHere,
            gateway("gateways/egress", [server(443, "TLS", [HOST], "PASSTHROUGH")]),
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                tls: [
                    { ...way(["mesh"], 443, GATEWAY, 443), ...match("mesh", 443) },
                    { ...way(["egress"], 443, HOST, 443), ...match("egress", 443) },
                ],
            }),
        ];
        assert.deepEqual(told([...objects, originate]), found);
        assert.deepEqual(told([...objects, leave]), []);
        assert.deepEqual(told(objects), []);
    });

    it("finds it behind the mesh's mutual TLS, where the mesh's side routes by SNI", () => {
        const objects = [
            entryHere,
            gateway("gateways/egress", [server(15444, "TLS", [HOST], "ISTIO_MUTUAL")]),
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                tls: [{ ...way(["mesh"], 443, GATEWAY, 15444), ...match("mesh", 443) }],
                tcp: [way(["egress"], 15444, HOST, 443)],
            }),
        ];
        assert.deepEqual(told([...objects, originate]), found);
        assert.deepEqual(told([...objects, leave]), []);
    });

    it("takes origination for plain bytes", () => {
        const tcp = serviceEntry("gateways/partner", [HOST], [TCP], own);
        const objects = [
            tcp,
            gateway("gateways/egress", [server(15444, "TLS", [HOST], "ISTIO_MUTUAL")]),
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                tcp: [way(["mesh"], 5432, GATEWAY, 15444), way(["egress"], 15444, HOST, 5432)],
            }),
        ];
        assert.deepEqual(told([...objects, originate]), []);
    });

    function match(gatewayName: string, port: number) {
        return { match: [{ gateways: [gatewayName], port, sniHosts: [HOST] }] };
    }
});
