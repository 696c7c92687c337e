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
} from "../../support/objects";

const told = toldBy("fallback-lost", "selector-leaves-others", "sidecar-credential");

const HOST = "api.partner.example";
const TLS = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
const FALLBACK = { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] };
const own = { exportTo: ["."] };
const entry = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], own);
const workloadSelector = { matchLabels: { app: "billing" } };
const fallback = destinationRule("app/fallback", HOST, FALLBACK, { exportTo: ["app"] });

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

describe("selector-leaves-others", () => {
    const found = ["selector-leaves-others DestinationRule app/partner spec.workloadSelector"];
    const selecting = destinationRule("app/partner", HOST, TLS, { workloadSelector });

    it("finds other workloads of the namespace", () => {
        assert.deepEqual(told([entry, selecting]), found);
        assert.deepEqual(told([entry, selecting, fallback]), []);
    });

    it("finds other namespaces that see the host", () => {
        const wide = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], { exportTo: [".", "other"] });
        assert.deepEqual(told([wide, selecting, fallback]), found);
        const forBoth = destinationRule("app/fallback", HOST, FALLBACK, { exportTo: [".", "other"] });
        assert.deepEqual(told([wide, selecting, forBoth]), []);
    });

    it("takes a route that asks for the selector's labels, but none that asks for others", () => {
        const keep = (sourceLabels: object) =>
            virtualService("app/partner", [HOST], ["mesh"], {
                http: [
                    { ...way(["mesh"], 80, HOST, 80), match: [{ port: 80, sourceLabels }] },
                    { directResponse: { status: 403 } },
                ],
            });
        assert.deepEqual(told([entry, selecting, keep({ app: "billing", tier: "a" })]), []);
        assert.deepEqual(told([entry, selecting, keep({ tier: "a" })]), found);
        assert.deepEqual(told([entry, selecting, keep({})]), found);
    });

    it("does not take a rule of a wildcard for a fallback: Istio looks at the most specific host only", () => {
        const wild = destinationRule("app/fallback", "*.partner.example", { mode: "SIMPLE" }, { exportTo: ["app"] });
        assert.deepEqual(told([entry, selecting, wild]), found);
    });
});

describe("fallback-lost", () => {
    it('finds a fallback exported to "." alone', () => {
        const selecting = destinationRule("app/partner", HOST, TLS, { workloadSelector });
        const lost = destinationRule("app/fallback", HOST, FALLBACK, own);
        assert.deepEqual(told([entry, selecting, lost]), [
            "selector-leaves-others DestinationRule app/partner spec.workloadSelector",
            "fallback-lost DestinationRule app/fallback spec.exportTo",
        ]);
        assert.deepEqual(told([entry, selecting, fallback]), []);
    });
});
