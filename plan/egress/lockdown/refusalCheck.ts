import { GUARD_NAME, guardMetadata } from "./guard";
import { CHECK_SECONDS, CheckedMesh, FORBIDDEN_PORT, istiodHost } from "./enforcementCheck";

/** A host that no route can declare: its last label is reserved. */
const UNDECLARED_HOST = "undeclared.mesh-egress.invalid";

/** Name of the Job that tries to get out of a locked namespace. */
export function refusalCheckMetadata(namespace: string) {
    return guardMetadata(`${GUARD_NAME}-check`, namespace);
}

/**
 * Shell script that fails if a pod of the locked namespace gets out: past its NetworkPolicy, to a port of istiod that its
 * sidecar knows; past both, to the API server's address; or past its sidecar's list of hosts. Each answers in a namespace
 * that is not locked. The pod only starts once its sidecar has reached istiod, so a network that is down is not taken for one that is locked.
 */
export function refusalScript(namespace: string, mesh: CheckedMesh, seconds = CHECK_SECONDS): string {
    const istiod = `${istiodHost(mesh)}:${FORBIDDEN_PORT}`;
    // 000 is no answer. A sidecar answers 502 for a host that it does not know, and 503 where it got no connection.
    return `api=$KUBERNETES_SERVICE_HOST
case $api in *:*) api="[$api]";; esac
status() {
  curl -s -k -o /dev/null -w '%{http_code}' --connect-timeout 3 --max-time 5 --resolve "${UNDECLARED_HOST}:80:$api" "$1"
}
deadline=$(( $(date +%s) + ${seconds} ))
while :; do
  port=$(status "http://${istiod}/")
  address=$(status "https://$api:\${KUBERNETES_SERVICE_PORT:-443}/version")
  host=$(status "http://${UNDECLARED_HOST}/")
  case $port:$address:$host in
    000:000:000|000:000:502|503:000:000|503:000:502) echo 'undeclared hosts, addresses and ports are refused'; exit 0;;
  esac
  [ "$(date +%s)" -ge "$deadline" ] && break
  sleep 1
done
case $port in 000|503) ;; *) echo "a pod of the locked namespace ${namespace} reached ${istiod} ($port), which its NetworkPolicy forbids: look for a NetworkPolicy in ${namespace} that allows more egress, and check that the cluster's policy engine runs.";; esac
[ "$address" = 000 ] || echo "a pod of the locked namespace ${namespace} reached the API server's address ($address), which nothing opens: check the Sidecar and the NetworkPolicies of ${namespace}.";
case $host in 000|502) ;; *) echo "the sidecar in the locked namespace ${namespace} sent on a call to ${UNDECLARED_HOST} ($host), which no route declares: check that the Sidecar ${GUARD_NAME} is there and that no EnvoyFilter changes it.";; esac
exit 1
`;
}
