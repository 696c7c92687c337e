import assert from "node:assert/strict";
import { changesOf } from "../../../report/changes";
import { exposures } from "../../../report/exposure";
import { Fields } from "../../../report/safe";
import { step, urn } from "../../support/previewSteps";

/** What one resource's change opens or closes, as its effect and text. */
function seen(op: string, type: string, before?: Fields, after?: Fields): string[] {
    return exposures(changesOf([step(op, urn(type, "it"), before, after)]), []).map(
        ({ effect, text }) => `${effect}: ${text}`,
    );
}

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const ADDRESS = "azure-native:network:PublicIPAddress";
const SERVICE = "kubernetes:core/v1:Service";
const MESH = "kubernetes:helm.sh/v3:Release";

describe("exposures", () => {
    it("a guard closes when it is made and opens when it goes; a door the other way round", () => {
        assert.deepEqual(seen("create", POLICY, undefined, {}), ["closed: network policy created"]);
        assert.deepEqual(seen("delete", POLICY, {}), ["opened: network policy deleted"]);
        assert.deepEqual(seen("create", ADDRESS, undefined, {}), ["opened: public address created"]);
        assert.deepEqual(seen("delete", ADDRESS, {}), ["closed: public address deleted"]);
    });

    it("a guard or door that changes is to be looked at, and one that stays is not told", () => {
        assert.deepEqual(seen("update", POLICY, {}, { spec: {} }), ["to be looked at: network policy updated"]);
        assert.deepEqual(seen("replace", ADDRESS, {}, {}), ["to be looked at: public address replaced"]);
        assert.deepEqual(seen("same", POLICY, {}, {}), []);
    });

    it("a mesh that no longer refuses undeclared hosts opens, also when it is deleted", () => {
        const mode = (value: string) => ({ values: { meshConfig: { outboundTrafficPolicy: { mode: value } } } });
        const [closed, open] = [mode("REGISTRY_ONLY"), mode("ALLOW_ANY")];
        assert.deepEqual(seen("update", MESH, closed, open), ["opened: hosts that nobody declared: not refused"]);
        assert.deepEqual(seen("update", MESH, open, closed), ["closed: hosts that nobody declared: refused"]);
        assert.deepEqual(seen("delete", MESH, closed), ["opened: hosts that nobody declared: not refused"]);
        assert.deepEqual(seen("update", MESH, closed, { ...closed, version: "2" }), []);
    });

    it("a service opens when it gets a type that can be called from outside", () => {
        const type = (value: string) => ({ spec: { type: value } });
        const [inside, outside] = [type("ClusterIP"), type("LoadBalancer")];
        assert.deepEqual(seen("create", SERVICE, undefined, outside), ["opened: service of type LoadBalancer"]);
        assert.deepEqual(seen("update", SERVICE, outside, inside), [
            "closed: no service of type LoadBalancer any more",
        ]);
        assert.deepEqual(seen("create", SERVICE, undefined, inside), []);
    });

    it("what opens comes first", () => {
        const changes = changesOf([
            step("create", urn(POLICY, "a"), undefined, {}),
            step("create", urn(ADDRESS, "b"), undefined, {}),
        ]);
        assert.deepEqual(
            exposures(changes, []).map(({ effect }) => effect),
            ["opened", "closed"],
        );
    });
});
