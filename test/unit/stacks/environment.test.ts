import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../../stacks/config";
import { deployEnvironment } from "../../../stacks/environment";
import { ClusterReference } from "../../../stacks/stackSchema";
import { stackOutputs } from "../../../stacks/outputs";
import { record, run, valueOf } from "../../support/mocks";

const STACK_FILE = join(__dirname, "../../../stacks/Pulumi.local.yaml");

function localStack() {
    const { config } = parse(readFileSync(STACK_FILE, "utf8")) as { config: Record<string, unknown> };
    return readConfig({
        name: "mesh-egress",
        get: (key) => (config[`mesh-egress:${key}`] ? JSON.stringify(config[`mesh-egress:${key}`]) : undefined),
    });
}

describe("the local stack", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    for (const preview of [true, false]) {
        it(`sends everything of Kubernetes to its own cluster (${preview ? "preview" : "update"})`, async () => {
            const recorder = await record({ preview });
            await run(recorder, () => deployEnvironment({ ...localStack(), cluster: { context: "lab" } }));
            const provider = recorder.named("cluster");
            assert.equal(provider.inputs.context, "lab");
            const there = recorder.resources.filter(({ type }) => type.startsWith("kubernetes:"));
            assert.ok(there.length > 15);
            for (const resource of there) {
                assert.ok(resource.provider.startsWith(`${provider.urn}::`), resource.name);
            }
        });
    }

    it("has no output without a value, of which the engine would warn", async () => {
        const outputs = stackOutputs(await run(await record(), () => deployEnvironment(localStack())));
        assert.ok("gatewayName" in outputs);
        assert.ok(!("egressPrefix" in outputs) && !("nameServers" in outputs));
    });

    it("knows its cluster by a name that no kubeconfig changes", async () => {
        const identifierOf = async (cluster: ClusterReference) => {
            const recorder = await record();
            await run(recorder, () => deployEnvironment({ ...localStack(), cluster }));
            return recorder.named("cluster").inputs.clusterIdentifier;
        };
        const byDefault = await identifierOf({});
        assert.ok(byDefault);
        assert.equal(await identifierOf({ context: "another", kubeconfig: "~/.kube/another" }), byDefault);
        assert.equal(await identifierOf({ identifier: "payments-prod" }), "payments-prod");
    });

    it("updates a rotated secret in its place", async () => {
        const recorder = await record();
        await run(recorder, () => deployEnvironment(localStack()));
        assert.equal(recorder.named("cluster").inputs.enableSecretMutable, "true");
    });

    it("opens its route", async () => {
        const recorder = await record();
        const { egress } = await run(recorder, () => deployEnvironment(localStack()));
        assert.deepEqual(await valueOf(egress.hosts), { partner: ["mtls.partner.example"] });
        assert.equal(await valueOf(egress.serverAddress), "egress-server.mesh-external.svc.cluster.local");
    });
});
