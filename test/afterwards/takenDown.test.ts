import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";
import { forgetLocalStack } from "../../lab/local/stack";
import { Cluster } from "../../lab/proof/cluster";
import { STACK_NAMESPACES } from "../../lab/proof/proofs";
import { stopWorkloads } from "../../lab/proof/workloads";
import { listening, localEnvironment } from "../support/localEnvironment";

describe("the local environment taken down", () => {
    it("leaves nothing of the stack behind", async function () {
        const { cluster, stack, local } = await localEnvironment(this);
        await stopWorkloads(cluster);
        await stack.destroy(listening);
        const { deployment } = (await stack.exportStack()) as { deployment: { resources?: unknown[] } };
        assert.deepEqual(deployment.resources ?? [], []);
        assert.deepEqual(await leftovers(cluster), []);
        forgetLocalStack(local);
    });
});

/**
 * What is still there after a destroy. Not counted: Istio's CRDs, which its chart marks to be kept because deleting one
 * deletes every object of its kind, and the istio-ca-root-cert that istiod puts into every namespace.
 */
async function leftovers(cluster: Cluster): Promise<string[]> {
    const namespaces = await cluster.core.listNamespace();
    const webhooks = cluster.api(k8s.AdmissionregistrationV1Api);
    const rbac = cluster.api(k8s.RbacAuthorizationV1Api);
    const lists = await Promise.all([
        webhooks.listMutatingWebhookConfiguration(),
        webhooks.listValidatingWebhookConfiguration(),
        rbac.listClusterRole(),
        rbac.listClusterRoleBinding(),
    ]);
    const names = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ""));
    return [
        ...namespaces.items
            .map(({ metadata }) => metadata?.name ?? "")
            .filter((name) => STACK_NAMESPACES.includes(name)),
        ...names.filter((name) => name.startsWith("istio")),
    ];
}
