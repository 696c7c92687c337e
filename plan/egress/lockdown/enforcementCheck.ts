import { NetworkPolicyObject, DISCOVERY_PORT, clusterNeeds, policy } from "./networkPolicies";

/** A port of istiod that no locked pod needs. It answers if policies are not enforced. */
export const FORBIDDEN_PORT = 15014;

/** Seconds that a policy engine may take to enforce a new policy. */
export const CHECK_SECONDS = 60;

export interface CheckLocation {
    namespace: string;
    meshNamespace: string;
    nodeDnsRanges: string[];
}

/** The control plane that checks call. */
export interface CheckedMesh {
    meshNamespace: string;
    /** Empty for the default one. */
    revision: string;
}

/** Namespace of a lockdown's checks. */
export function checkNamespaceOf(lockdown: string): string {
    return `${lockdown}-check`;
}

export function istiodHost({ meshNamespace, revision }: CheckedMesh): string {
    return `istiod${revision && `-${revision}`}.${meshNamespace}.svc`;
}

/** Label of the pod that checks whether policies are enforced. The namespace's other check calls the API server. */
export const ENFORCEMENT_CHECK = { "mesh-egress/check": "enforcement" };

/** Egress policy of the check's own pod: the same as for locked pods, without the gateway. */
export function checkPolicy({ namespace, ...needs }: CheckLocation): NetworkPolicyObject {
    return policy(
        { name: "egress-lockdown", namespace },
        { podSelector: { matchLabels: ENFORCEMENT_CHECK }, policyTypes: ["Egress"], egress: clusterNeeds(needs) },
    );
}

/**
 * Shell script that fails unless the cluster drops what the check's policy does not allow. It expects to reach one port
 * of istiod and not to reach another, so it does not mistake a broken network for a locked one.
 */
export function checkScript(mesh: CheckedMesh, seconds = CHECK_SECONDS): string {
    const istiod = istiodHost(mesh);
    // curl exits with 6, 7 or 28 if there was no address, no connection or no answer. Any other status means that it
    // connected.
    return `connects() {
  curl -s -o /dev/null --connect-timeout 3 --max-time 5 "http://${istiod}:$1/"
  case $? in 6|7|28) return 1;; esac
}
deadline=$(( $(date +%s) + ${seconds} ))
while :; do
  connects ${DISCOVERY_PORT}; allowed=$?
  connects ${FORBIDDEN_PORT}; forbidden=$?
  [ "$allowed" = 0 ] && [ "$forbidden" != 0 ] && echo 'NetworkPolicies are enforced' && exit 0
  [ "$(date +%s)" -ge "$deadline" ] && break
  sleep 1
done
if [ "$forbidden" = 0 ]; then
  echo 'the cluster does not enforce NetworkPolicies: a pod reached ${istiod}:${FORBIDDEN_PORT}, which its policy forbids, so nothing would be locked down. Install a network policy engine, or remove EgressLockdown.'
else
  echo 'cannot tell whether the cluster enforces NetworkPolicies: a pod could not reach ${istiod}:${DISCOVERY_PORT}, which its policy allows. Check that istiod is ready and that DNS and the network work.'
fi
exit 1
`;
}
