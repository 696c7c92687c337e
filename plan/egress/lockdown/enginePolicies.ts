import { gatewaySelector } from "../../mesh/gateway";
import { KubernetesObject } from "../../shared/kubernetesObject";
import { clusterPolicies, clusterWidePolicy } from "./clusterPolicies";
import { GUARD_NAME, gatewayGuardName, guardMetadata } from "./guard";
import { LockdownContext } from "./lockdown";
import { ResolvedLockdown } from "./options";
import { CILIUM_API_VERSION, ciliumNodeDns } from "./nodeDns";
import { PolicyEngine } from "./policyEngine";

/** An object of the policy engine's own kinds. How many there are follows from plain options alone. */
export interface EnginePolicy {
    /** Tells the lockdown's objects of this kind apart; the same in every update. */
    key: string;
    apiVersion: string;
    kind: string;
    /** The locked namespace that the object is in, which must be there first. */
    inside?: string;
    build: (context: LockdownContext) => KubernetesObject;
}

/** What NetworkPolicies cannot say to the cluster's policy engine; `name` begins the names of objects without a namespace. */
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

/** Whether pods need a policy of Cilium's own to ask the DNS cache on their node. */
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
