import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel } from "./admission";

/** Service account of the check. It may only have objects judged, see `claimCheckAdmission`. */
export const CLAIM_CHECK_ACCOUNT = "claims";

/** Kinds by which an object can claim an egress host or the gateway, with the versions that may be served. */
const CLAIM_KINDS: { group: string; versions: Record<string, string[]> }[] = [
    {
        group: "networking.istio.io",
        versions: { v1: ["destinationrules", "gateways", "serviceentries", "virtualservices"] },
    },
    {
        group: "gateway.networking.k8s.io",
        versions: {
            v1: ["gateways", "grpcroutes", "httproutes", "listenersets", "tcproutes", "tlsroutes", "udproutes"],
            v1alpha2: ["tcproutes", "tlsroutes", "udproutes"],
        },
    },
    { group: "gateway.networking.x-k8s.io", versions: { v1alpha1: ["xlistenersets"] } },
];

/** Seconds until the API servers must know the lockdown's policies. */
const IN_FORCE_SECONDS = 60;

/** Consecutive refusals after which the policies count as known. An API server behind a load balancer may lag. */
const REFUSALS = 5;

/** Claims that a failed check names. The rest is counted: a Job's message has no more room. */
const MOST_NAMED = 8;

export interface ClaimCheckRules {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
}

/**
 * Rights of the check. `patch` alone does not make it an administrator, who has `update`, and it may patch in a dry run
 * only.
 */
export function claimCheckRules(): ClaimCheckRules[] {
    return CLAIM_KINDS.map(({ group, versions }) => ({
        apiGroups: [group],
        resources: [...new Set(Object.values(versions).flat())].sort(),
        verbs: ["get", "list", "patch"],
    }));
}

/** Rights of the check in its own namespace, with which it learns that policies are in force. */
export function inForceRules(): ClaimCheckRules[] {
    return [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create"] }];
}

/**
 * Refuses the check's service account every request that is not a dry run, and also the one with which it learns that
 * policies are in force. Created after all other policies of the lockdown: an API server that knows it knows them too.
 */
export function claimCheckAdmission(name: string, checkNamespace: string): Admission {
    const user = `system:serviceaccount:${checkNamespace}:${CLAIM_CHECK_ACCOUNT}`;
    return admission({
        name,
        resourceRules: [
            // The account has rights on nothing else.
            {
                apiGroups: CLAIM_KINDS.map(({ group }) => group),
                apiVersions: ["*"],
                operations: ["CREATE", "UPDATE", "DELETE"],
                resources: ["*/*"],
            },
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
        ],
        matchConditions: [{ name: "is-of-the-check", expression: `request.userInfo.username == ${cel(user)}` }],
        variables: [],
        validations: [
            {
                expression: "has(request.dryRun) && request.dryRun",
                message: "The check of the lockdown may only have objects judged: send the request as a dry run.",
            },
            {
                expression: 'request.resource.resource != "configmaps"',
                message: "The policies of the lockdown are in force.",
            },
        ],
    });
}

export interface ClaimCheck {
    /** Namespace of the check's own pod. */
    checkNamespace: string;
    gateway: GatewayLocation;
    meshNamespace: string;
    /** Name of the policy of `claimCheckAdmission`. */
    inForce: string;
    /** Names of the policies that refuse claims. */
    policies: string[];
    /** Namespaces whose objects may claim the gateway's hosts. */
    exempt: string[];
    /** Locked namespaces and those of callers, whose private objects count too. */
    concerned: string[];
}

/**
 * Shell script that waits until the lockdown's policies are in force, and then fails if an object that was there before
 * claims a host of the gateway. It has the API server judge a change of nothing in each object, as a dry run. So the
 * policies are the only place where names are compared.
 */
export function claimCheckScript(check: ClaimCheck, seconds = IN_FORCE_SECONDS): string {
    const kinds = CLAIM_KINDS.flatMap(({ group, versions }) =>
        Object.entries(versions).flatMap(([version, resources]) =>
            resources.map((resource) => `${group}/${version}/${resource}`),
        ),
    );
    const exempt = [check.gateway.namespace, check.meshNamespace, ...check.exempt];
    return `folder=/var/run/secrets/kubernetes.io/serviceaccount
host=$KUBERNETES_SERVICE_HOST
case $host in *:*) host="[$host]";; esac
api="https://$host:\${KUBERNETES_SERVICE_PORT:-443}"
work=$(mktemp -d)
call() {
  # For curl's own user agent, the API server breaks answers into lines.
  curl -s -A mesh-egress --cacert "$folder/ca.crt" --connect-timeout 5 -H "Authorization: Bearer $(cat "$folder/token")" "$@"
}
deadline=$(( $(date +%s) + ${seconds} ))
refusals=0
while [ "$refusals" -lt ${REFUSALS} ]; do
  answer=$(call --max-time 10 -H 'Content-Type: application/json' --data '{"metadata":{"name":"refused"}}' "$api/api/v1/namespaces/${check.checkNamespace}/configmaps?dryRun=All")
  case $answer in *"'${check.inForce}'"*) refusals=$((refusals + 1)); continue;; esac
  refusals=0
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "cannot tell whether the lockdown's admission policies are in force: the API server did not refuse what ${check.inForce} forbids. Check that pods of the namespace ${check.checkNamespace} reach the API server."
    exit 1
  fi
  sleep 1
done
for kind in ${kinds.join(" ")}; do
  status=$(call --max-time 120 -o "$work/list" -w '%{http_code}' -H 'Accept: application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' "$api/apis/$kind?pretty=false")
  case $status in
    # A kind that the cluster does not have.
    404) continue;;
    200) ;;
    *) echo "cannot list $kind: the API server answered $status. Update again."; exit 1;;
  esac
  # Metadata comes first in an object, and quotation marks in the texts of users are escaped.
  grep -oE '"metadata":[{]"name":"[^"]*",("generateName":"[^"]*",)?"namespace":"[^"]*"' "$work/list" |
    sed -E 's/^"metadata":[{]"name":"([^"]*)".*"namespace":"([^"]*)"$/\\2 \\1/' > "$work/names"
  # The list has metadata of its own.
  if [ "$(grep -o '"metadata":{' "$work/list" | wc -l)" -ne "$(( $(wc -l < "$work/names") + 1 ))" ]; then
    echo "cannot read the list of $kind that the API server answered. Update again."
    exit 1
  fi
  grep -vE '^(${exempt.join("|")}) ' "$work/names" |
    sed -E "s#(.*) (.*)#url = \\"$api/apis/\${kind%/*}/namespaces/\\1/\${kind##*/}/\\2?dryRun=All\\&pretty=false\\"#" > "$work/urls"
  [ -s "$work/urls" ] || continue
  cat "$work/urls" >> "$work/asked"
  call --max-time 30 -X PATCH -H 'Content-Type: application/merge-patch+json' -H 'Accept: application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' --data '{}' -w '\\n%{http_code} %{url}\\n' -g -K "$work/urls" >> "$work/answers"
done
touch "$work/answers" "$work/asked"
asked=$(wc -l < "$work/asked")
answered=$(grep -cE '^[0-9]{3} https:' "$work/answers")
if [ "$asked" -ne "$answered" ]; then
  echo "the API server answered for $answered of $asked objects. Update again."
  exit 1
fi
awk -v policies="ValidatingAdmissionPolicy .(${check.policies.join("|")}). " '
!/^[0-9][0-9][0-9] https:/ { answer = answer $0; next }
{
  split($2, part, "/"); sub(/[?].*/, "", part[10])
  object = part[9] " " part[8] "/" part[10]
  # A kind that is served in two versions is one object. Istio and the Gateway API both have gateways.
  if (!(part[5] object in seen)) {
    seen[part[5] object] = 1
    if (answer ~ policies) {
      sub(/.*denied request: /, "", answer); sub(/", *"reason":.*/, "", answer)
      print part[8], $2, object ": " substr(answer, 1, 200)
    } else if ($1 != 200 && $1 != 404 && answer !~ /admission webhook/) {
      # Webhooks are asked after the policies.
      print part[8], $2, object ": the API server could not judge it (" $1 ")"
    }
  }
  answer = ""
}' "$work/answers" > "$work/claims"
while read -r namespace url claim; do
  case "${around(check.concerned)}" in
    *" $namespace "*) ;;
    # An object that no other namespace sees concerns only the callers beside it.
    *) case $(call --max-time 10 -g "$url") in *'"exportTo":["."]'*) continue;; esac;;
  esac
  echo "- $claim"
done < "$work/claims" > "$work/found"
claims=$(wc -l < "$work/found")
[ "$claims" -ne 0 ] || { echo 'no object claims a host of the egress gateway, or the gateway itself'; exit 0; }
echo "$claims objects claim a host of the egress gateway ${check.gateway.namespace}/${check.gateway.name} that were there before its lockdown or its route, and calls may follow them past it. Remove the hosts from these objects, or name the namespaces of other egress gateways in sharedHostsWith, and update again:"
head -n ${MOST_NAMED} "$work/found"
[ "$claims" -le ${MOST_NAMED} ] || echo "- and $((claims - ${MOST_NAMED})) more"
exit 1
`;
}

/** The words with spaces around each, for a comparison in the shell. */
function around(words: string[]): string {
    return ` ${words.join(" ")} `;
}
