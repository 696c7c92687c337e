import { groupBy } from "../groupBy";
import { meantGateways } from "../mesh/policyScope";
import { selects } from "../mesh/labels";
import { Mesh } from "../mesh/mesh";
import { AuthorizationPolicy } from "../objects/authorizationPolicy";
import { GATEWAY_API } from "../objects/kinds";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Looks where the set shows the namespaces of a gateway's pods. A policy of the root namespace holds everywhere; one that
 * also selects workloads of its own namespace is left alone.
 */
export const authorizationElsewhere: Rule = {
    id: "authorization-elsewhere",
    title: "An AuthorizationPolicy for a gateway is in another namespace than the gateway's pods.",
    why: "It applies only to pods in its own namespace, so nothing enforces it, and every caller is allowed.",
    severity: "mandatory",
    find: (mesh) => {
        const byName = groupBy(
            mesh.gateways.filter(({ podNamespace }) => podNamespace !== undefined),
            ({ ref }) => ref.name,
        );
        return mesh.authorizationPolicies
            .filter(({ ref }) => ref.namespace !== mesh.rootNamespace)
            .flatMap((policy) => [
                ...bySelector(mesh, policy),
                ...policy.targets
                    .filter(({ group, kind }) => group === GATEWAY_API && kind === "Gateway")
                    .flatMap(({ name, path }) => {
                        const named = byName.get(name) ?? [];
                        const isHere = named.some(({ ref }) => ref.namespace === policy.ref.namespace);
                        return named.length === 0 || isHere ? [] : [elsewhere(policy, path, [named[0].ref.namespace])];
                    }),
            ]);
    },
};

function bySelector(mesh: Mesh, policy: AuthorizationPolicy): RuleFinding[] {
    const { selector, ref } = policy;
    if (selector === undefined || policy.targets.length > 0) {
        return [];
    }
    const pods = meantGateways(mesh, policy).flatMap(({ id }) => mesh.gatewayPods.get(id) ?? []);
    const namespaces = [...new Set(pods.flatMap((one) => one.namespaces))];
    const hasOwnPods = mesh.workloads.some(
        (workload) => workload.ref.namespace === ref.namespace && selects(selector, workload.podLabels),
    );
    return pods.length === 0 || pods.some(({ isShown }) => !isShown) || namespaces.includes(ref.namespace) || hasOwnPods
        ? []
        : [elsewhere(policy, "metadata.namespace", namespaces)];
}

function elsewhere(policy: AuthorizationPolicy, path: string, namespaces: string[]): RuleFinding {
    return finding(policy, {
        path,
        value: policy.ref.namespace,
        problem: `is not the namespace of the policy's gateway, whose pods run in ${namespaces.join(", ")}: nothing enforces the policy`,
        expected: `namespace ${namespaces[0]}`,
        fix: `Move the policy to namespace ${namespaces[0]}`,
    });
}
