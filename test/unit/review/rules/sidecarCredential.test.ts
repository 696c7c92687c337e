import assert from "node:assert/strict";
import {
    HTTPS,
    HTTP_TO_TLS,
    destinationRule,
    gateway,
    server,
    serviceEntry,
    toldBy,
    virtualService,
    way,
} from "../../../support/objects";

const told = toldBy("sidecar-credential");

const HOST = "api.partner.example";
const TLS = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
const FALLBACK = { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] };
const own = { exportTo: ["."] };
const entry = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], own);

describe("sidecar-credential", () => {
    const found = ["sidecar-credential DestinationRule app/partner spec.trafficPolicy.tls.credentialName"];

    it("finds a credential without selector that sidecars read", () => {
        assert.deepEqual(told([entry, destinationRule("app/partner", HOST, TLS, own)]), found);
    });

    it("finds one that other namespaces read, because it is beside the entry or in the root namespace", () => {
        const everywhere = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS]);
        assert.deepEqual(told([everywhere, destinationRule("app/partner", HOST, TLS)]), found);
        const root = destinationRule("mesh/partner", HOST, TLS);
        assert.deepEqual(told([everywhere, root], { rootNamespace: "mesh" }), [
            "sidecar-credential DestinationRule mesh/partner spec.trafficPolicy.tls.credentialName",
        ]);
        assert.deepEqual(told([entry, root], { rootNamespace: "elsewhere" }), []);
    });

    it("takes a CA in a ConfigMap, which sidecars do read", () => {
        const ca = { ...FALLBACK, credentialName: "configmap://partner-ca" };
        assert.deepEqual(told([entry, destinationRule("app/partner", HOST, ca, own)]), []);
    });

    it("takes a gateway's own", () => {
        const here = gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]);
        assert.deepEqual(told([entry, destinationRule("app/partner", HOST, TLS, own), here]), []);
    });

    it("takes one that a route to the gateway keeps sidecars from using", () => {
        const objects = [
            serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS]),
            destinationRule("gateways/partner", HOST, TLS),
            gateway("gateways/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
        ];
        const lead = virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
            http: [way(["mesh"], 80, "egress.gateways.svc.cluster.local", 443), way(["egress"], 443, HOST, 80)],
        });
        assert.deepEqual(told([...objects, lead]), []);
        assert.deepEqual(told(objects), [
            "sidecar-credential DestinationRule gateways/partner spec.trafficPolicy.tls.credentialName",
        ]);
    });

    it("keeps silent where the application's own TLS leaves anyway, and where no entry says who sees the host", () => {
        const rule = destinationRule("app/partner", HOST, TLS, own);
        assert.deepEqual(told([serviceEntry("app/partner", [HOST], [HTTPS], own), rule]), []);
        assert.deepEqual(told([rule]), []);
    });
});
