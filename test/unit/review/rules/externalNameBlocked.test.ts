import assert from "node:assert/strict";
import { ReviewContext } from "../../../../review/reviewContext";
import { HTTP, service, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("external-name-blocked");

const HOST = "api.partner.example";
const registryOnly: ReviewContext = { outboundTrafficPolicy: "REGISTRY_ONLY" };
const allowAny: ReviewContext = { outboundTrafficPolicy: "ALLOW_ANY" };

describe("external-name-blocked", () => {
    const alias = service("app/partner", { type: "ExternalName", externalName: HOST });
    const found = ["external-name-blocked Service app/partner spec.externalName"];

    it("finds a target that nobody declares, where the mesh refuses those", () => {
        assert.deepEqual(told([alias], registryOnly), found);
    });

    it("takes it with a declared target, under ALLOW_ANY, and inside the cluster", () => {
        assert.deepEqual(told([alias, serviceEntry("app/partner", [HOST], [HTTP])], registryOnly), []);
        assert.deepEqual(told([alias, serviceEntry("app/partner", ["*.partner.example"], [HTTP])], registryOnly), []);
        assert.deepEqual(told([alias], allowAny), []);
        assert.deepEqual(told([alias]), [], "the set does not say which mesh it is");
        const inside = service("app/other", { type: "ExternalName", externalName: "db.data.svc.cluster.local" });
        assert.deepEqual(told([inside], registryOnly), []);
    });
});
