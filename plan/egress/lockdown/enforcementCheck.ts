import { NetworkPolicyObject, DISCOVERY_PORT, clusterNeeds, policy } from "./networkPolicies";

/** A port of istiod that no locked pod needs, and that answers wherever policies are not enforced. */
const FORBIDDEN_PORT = 15014;

/** Seconds that a policy engine may take until a new policy holds. */
export const CHECK_SECONDS = 60;

export interface CheckLocation {
    namespace: string;
    meshNamespace: string;
    nodeDnsRanges: string[];
}

/** The same way out for the check's own pod as for locked ones, but for the gateway. */
export function checkPolicy({ namespace, ...needs }: CheckLocation): NetworkPolicyObject {
    return policy(
        { name: "egress-lockdown", namespace },
        { podSelector: {}, policyTypes: ["Egress"], egress: clusterNeeds(needs) },
    );
}

/**
 * Shell script that fails unless the cluster drops what the check's policy does not allow. One port of istiod is allowed
 * and another is not, so a network that does not work at all is not taken for one that is locked.
 */
export function checkScript(meshNamespace: string, revision: string, seconds = CHECK_SECONDS): string {
    const istiod = `istiod${revision && `-${revision}`}.${meshNamespace}.svc`;
    // curl ends with 6, 7 and 28 for no address, no connection and no answer; all else means that there was a connection.
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
  echo 'the cluster does not enforce NetworkPolicies: a pod reached ${istiod}:${FORBIDDEN_PORT}, which its policy forbids, so nothing would be locked down. Install a network policy engine, or do without EgressLockdown.'
else
  echo 'cannot tell whether the cluster enforces NetworkPolicies: a pod did not reach ${istiod}:${DISCOVERY_PORT} either, which its policy allows. Check that istiod is ready and that DNS and the network work.'
fi
exit 1
`;
}
