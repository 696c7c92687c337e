import assert from "node:assert/strict";
import { ReviewContext } from "../../../../review/reviewContext";
import { HTTP, gateway, serviceEntry, toldBy, virtualService, way } from "../../../support/objects";

const told = toldBy("allow-list-under-allow-any");

const HOST = "api.partner.example";
const registryOnly: ReviewContext = { outboundTrafficPolicy: "REGISTRY_ONLY" };
const allowAny: ReviewContext = { outboundTrafficPolicy: "ALLOW_ANY" };

describe("allow-list-under-allow-any", () => {
    const entry = (exportTo: string[]) => serviceEntry("gateways/partner", [HOST], [HTTP], { exportTo });
    const lead = virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
        http: [way(["mesh"], 80, "egress.gateways.svc.cluster.local", 443), way(["egress"], 443, HOST, 80)],
    });
    const objects = [gateway("gateways/egress", []), lead];

    it("finds a list of callers that keeps nobody out", () => {
        assert.deepEqual(told([...objects, entry([".", "payments"])], allowAny), [
            "allow-list-under-allow-any ServiceEntry gateways/partner spec.exportTo",
        ]);
    });

    it("takes it under REGISTRY_ONLY, exported to all, and without a gateway", () => {
        assert.deepEqual(told([...objects, entry([".", "payments"])], registryOnly), []);
        assert.deepEqual(told([...objects, entry(["*"])], allowAny), []);
        assert.deepEqual(told([entry(["."])], allowAny), []);
    });
});
