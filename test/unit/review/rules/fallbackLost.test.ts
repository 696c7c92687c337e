import assert from "node:assert/strict";
import { HTTP_TO_TLS, destinationRule, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("fallback-lost", "selector-leaves-others");

const HOST = "api.partner.example";
const TLS = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
const FALLBACK = { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] };
const own = { exportTo: ["."] };
const entry = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], own);
const workloadSelector = { matchLabels: { app: "billing" } };
const fallback = destinationRule("app/fallback", HOST, FALLBACK, { exportTo: ["app"] });

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
