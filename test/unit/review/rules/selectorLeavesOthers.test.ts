import assert from "node:assert/strict";
import { HTTP_TO_TLS, destinationRule, serviceEntry, toldBy, virtualService, way } from "../../../support/objects";

const told = toldBy("selector-leaves-others");

const HOST = "api.partner.example";
const TLS = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
const FALLBACK = { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] };
const own = { exportTo: ["."] };
const entry = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], own);
const workloadSelector = { matchLabels: { app: "billing" } };
const fallback = destinationRule("app/fallback", HOST, FALLBACK, { exportTo: ["app"] });

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
