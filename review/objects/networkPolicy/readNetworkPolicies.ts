import { RawObject } from "../../rawObject";
import { readAdminPolicies } from "./admin";
import { readCalicoPolicy } from "./calico";
import { readCiliumPolicies } from "./cilium";
import { readKubernetesPolicy } from "./kubernetes";
import { NetworkPolicy } from "./networkPolicy";

type Kind = [group: string, kind: string];

const READERS: [...Kind, read: (object: RawObject) => NetworkPolicy[]][] = [
    ["networking.k8s.io", "NetworkPolicy", (object) => [readKubernetesPolicy(object)]],
    ["cilium.io", "CiliumNetworkPolicy", readCiliumPolicies],
    ["cilium.io", "CiliumClusterwideNetworkPolicy", readCiliumPolicies],
    ["projectcalico.org", "NetworkPolicy", (object) => [readCalicoPolicy(object)]],
    ["projectcalico.org", "GlobalNetworkPolicy", (object) => [readCalicoPolicy(object)]],
    ["crd.projectcalico.org", "NetworkPolicy", (object) => [readCalicoPolicy(object)]],
    ["crd.projectcalico.org", "GlobalNetworkPolicy", (object) => [readCalicoPolicy(object)]],
    ["policy.networking.k8s.io", "AdminNetworkPolicy", readAdminPolicies],
    ["policy.networking.k8s.io", "ClusterNetworkPolicy", readAdminPolicies],
];

/** Kinds that say something of egress, and that no rule reads. */
export const UNREAD_POLICY_KINDS: Kind[] = [
    ["crd.antrea.io", "NetworkPolicy"],
    ["crd.antrea.io", "ClusterNetworkPolicy"],
    ["k8s.ovn.org", "EgressFirewall"],
    ["networking.gke.io", "FQDNNetworkPolicy"],
];

/** Network policies of every kind that is known. */
export function readNetworkPolicies(ofKind: (group: string, kind: string) => RawObject[]): NetworkPolicy[] {
    return READERS.flatMap(([group, kind, read]) => ofKind(group, kind).flatMap(read));
}
