import { gatewaySelector } from "../../mesh/gateway";
import { KubernetesObject } from "../../shared/kubernetesObject";
import { clusterPolicies, clusterWidePolicy } from "./clusterPolicies";
import { GUARD_NAME, gatewayGuardName, guardMetadata } from "./guard";
import { LockdownContext } from "./lockdown";
import { ResolvedLockdown } from "./options";
import { CILIUM_API_VERSION, ciliumNodeDns } from "./nodeDns";
import { PolicyEngine } from "./policyEngine";

/** An object of one of the policy engine's own kinds. Their number depends on plain options only. */
export interface EnginePolicy {
    /** Identifies the object among those of its kind. It is the same in every update. */
    key: string;
    apiVersion: string;
    kind: string;
    /** Locked namespace of the object, which must be created first. */
    inside?: string;
    build: (context: LockdownContext) => KubernetesObject;
}

/** Objects that express what NetworkPolicies cannot. `name` is the prefix of the names of cluster-scoped objects. */
export function enginePolicies(name: string, options: ResolvedLockdown): EnginePolicy[] {
    return [
        ...(asksNodeDns(options) ? nodeDnsPolicies(options.namespaces) : []),
        ...clusterPolicies(options).map(({ key, spec, ...kind }) => ({
            ...kind,
            key,
            build: (context: LockdownContext) => clusterWidePolicy(`${name}-${key}`, kind, spec(context)),
        })),
    ];
}

/** Whether pods need a CiliumNetworkPolicy to query the DNS cache on their node. */
export function asksNodeDns({ policyEngine, nodeDnsRanges }: ResolvedLockdown): boolean {
    return policyEngine === PolicyEngine.Cilium && nodeDnsRanges.length > 0;
}

function nodeDnsPolicies(namespaces: string[]): EnginePolicy[] {
    const kind = { apiVersion: CILIUM_API_VERSION, kind: "CiliumNetworkPolicy" };
    return [
        ...namespaces.map((namespace) => ({
            ...kind,
            key: `${namespace}-node-dns`,
            inside: namespace,
            build: () => ciliumNodeDns(guardMetadata(GUARD_NAME, namespace)),
        })),
        {
            ...kind,
            key: "gateway-node-dns",
            build: ({ gateway }) =>
                ciliumNodeDns(guardMetadata(gatewayGuardName(gateway), gateway.namespace), gatewaySelector(gateway)),
        },
    ];
}
