import assert from "node:assert/strict";
import {
    HTTP,
    HTTPS,
    HTTP_TO_TLS,
    TCP,
    destinationRule,
    gateway,
    gatewayApi,
    server,
    serviceEntry,
    toldBy,
    virtualService,
    way,
} from "../../support/objects";

const told = toldBy("double-tls", "origination-and-passthrough", "server-name-unchecked");

const HOST = "api.partner.example";
const NAMED = { sni: HOST, subjectAltNames: [HOST] };
const entry = (ports: object[], rest = {}) => serviceEntry("app/partner", [HOST], ports, { exportTo: ["."], ...rest });
const rule = (tls: object | undefined, rest = {}) =>
    destinationRule("app/partner", HOST, tls as Record<string, unknown>, { exportTo: ["."], ...rest });
const simple = (tls: object, rest = {}) => rule({ mode: "SIMPLE", ...tls }, rest);

describe("server-name-unchecked", () => {
    const at = (path: string) => [`server-name-unchecked DestinationRule app/partner ${path}`];

    it("finds an SNI without subjectAltNames, wherever a rule has TLS settings", () => {
        const tls = { mode: "MUTUAL", sni: HOST };
        assert.deepEqual(told([rule(tls)]), at("spec.trafficPolicy.tls.sni"));
        const ports = [{ port: { number: 80 } }, { port: { number: 443 }, tls }];
        assert.deepEqual(
            told([rule(undefined, { trafficPolicy: { portLevelSettings: ports } })]),
            at("spec.trafficPolicy.portLevelSettings[1].tls.sni"),
        );
        const subsets = [{ name: "a" }, { name: "b", trafficPolicy: { portLevelSettings: ports } }];
        assert.deepEqual(
            told([rule(undefined, { subsets })]),
            at("spec.subsets[1].trafficPolicy.portLevelSettings[1].tls.sni"),
        );
    });

    it("takes both, neither, subjectAltNames alone, and TLS that is the mesh's own", () => {
        for (const tls of [NAMED, {}, { subjectAltNames: [HOST] }]) {
            assert.deepEqual(told([entry([HTTP_TO_TLS]), simple(tls)]), []);
        }
        for (const mode of ["ISTIO_MUTUAL", "DISABLE"]) {
            assert.deepEqual(told([rule({ mode, sni: HOST })]), []);
        }
    });

    it("takes the names of the entry for those of the rule", () => {
        const objects = [entry([HTTP_TO_TLS], { subjectAltNames: [HOST] }), simple({ sni: HOST })];
        assert.deepEqual(told(objects), []);
        const another = serviceEntry("app/other", ["other.partner.example"], [HTTP_TO_TLS], { exportTo: ["."] });
        const forAll = destinationRule("app/partner", "*.partner.example", { mode: "SIMPLE", sni: HOST });
        assert.deepEqual(told([objects[0], another, forAll]), at("spec.trafficPolicy.tls.sni"));
    });

    it("finds neither of them where calls are bytes without a host", () => {
        assert.deepEqual(told([entry([TCP]), simple({})]), at("spec.trafficPolicy.tls"));
        assert.deepEqual(told([entry([TCP]), simple(NAMED)]), []);
        assert.deepEqual(told([entry([TCP], { subjectAltNames: [HOST] }), simple({})]), []);
    });

    it("finds verification that is switched off", () => {
        assert.deepEqual(told([simple({ insecureSkipVerify: true })]), at("spec.trafficPolicy.tls.insecureSkipVerify"));
        assert.deepEqual(told([simple({ insecureSkipVerify: false })]), []);
    });

    it("finds a BackendTLSPolicy whose hostname is only sent", () => {
        const policy = (validation: object) => gatewayApi("BackendTLSPolicy", "app/partner", { validation });
        assert.deepEqual(told([policy({ hostname: HOST })]), [
            "server-name-unchecked BackendTLSPolicy app/partner spec.validation.hostname",
        ]);
        const subjectAltNames = [{ type: "Hostname", hostname: HOST }];
        assert.deepEqual(told([policy({ hostname: HOST, subjectAltNames })]), []);
    });
});

describe("double-tls", () => {
    const found = ["double-tls DestinationRule app/partner spec.trafficPolicy.tls"];

    it("finds origination on a port where the application speaks TLS", () => {
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED)]), found);
        assert.deepEqual(told([entry([{ ...HTTPS, protocol: "TLS" }]), simple(NAMED)]), found);
        const workloadSelector = { matchLabels: { app: "a" } };
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED, { workloadSelector })]), found);
    });

    it("takes it on an HTTP port, on another port, and where only a gateway reads the rule", () => {
        assert.deepEqual(told([entry([HTTP_TO_TLS]), simple(NAMED)]), []);
        const onlyHttp = { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "SIMPLE", ...NAMED } }] };
        assert.deepEqual(told([entry([HTTP, HTTPS]), rule(undefined, { trafficPolicy: onlyHttp })]), []);
        const gatewayHere = gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]);
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED), gatewayHere]), []);
    });

    it("takes it where a route by SNI leads the port elsewhere", () => {
        const tls = [
            {
                match: [{ gateways: ["mesh"], port: 443, sniHosts: [HOST] }],
                route: [{ destination: { host: "egress.gateways.svc.cluster.local", port: { number: 15444 } } }],
            },
        ];
        const elsewhere = virtualService("app/partner", [HOST], ["mesh"], { tls });
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED), elsewhere]), []);
    });
});

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
