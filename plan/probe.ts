import { refuseHost } from "./host";
import { refuseLabel } from "./names";
import { Refusal } from "./refusal";

export interface ProbeRequest {
    namespace: string;
    host: string;
    /** Path and query to ask for, beginning with a slash. */
    path: string;
    expectedStatus: number;
    /** Text that the answer must contain. */
    expectedText?: string;
    timeoutSeconds: number;
}

export function refuseProbe(probe: ProbeRequest): Refusal[] {
    return [
        ...refuseLabel("namespace", probe.namespace, "a namespace"),
        ...refuseHost("host", probe.host),
        ...refusePath(probe.path),
        ...refuseWholeNumber("expectedStatus", probe.expectedStatus, 100, 599),
        ...refuseWholeNumber("timeoutSeconds", probe.timeoutSeconds, 1, 3600),
    ];
}

function refusePath(path: string): Refusal[] {
    return path.startsWith("/")
        ? []
        : [
              {
                  path: "path",
                  value: path,
                  problem: "is not an absolute path",
                  expected: 'a path such as "/health"',
                  fix: "Begin it with a slash",
              },
          ];
}

function refuseWholeNumber(path: string, value: number, least: number, most: number): Refusal[] {
    return Number.isInteger(value) && value >= least && value <= most
        ? []
        : [
              {
                  path,
                  value,
                  problem: "is out of range",
                  expected: `a whole number from ${least} to ${most}`,
                  fix: "Correct it",
              },
          ];
}

/** Symptom in the answer, what it means and where to look; the first that matches is told. */
const DIAGNOSES: [pattern: string, meaning: string][] = [
    [
        "CERTIFICATE_VERIFY_FAILED",
        "the server's certificate is not for this host or not from the CA in the credential (check subjectAltNames and serverCa)",
    ],
    [
        "CERTIFICATE_REQUIRED|SSLV3_ALERT|TLSV1_ALERT|UNKNOWN_CA|BAD_CERTIFICATE",
        "the server refused the client certificate (check that it trusts the CA that issued it, and that it has not expired)",
    ],
    [
        "No required SSL certificate",
        "the call arrived without the client certificate (check that the route's credential is the one the gateway has)",
    ],
    ["WRONG_VERSION_NUMBER", "the server does not speak TLS on this port (check the route's port)"],
    [
        "plain HTTP request was sent to HTTPS port",
        "the call left in plaintext (check that the caller has a sidecar and the route covers the host)",
    ],
    [
        "Secret is not supplied by SDS",
        "the gateway has no such credential (check that the secret is in the gateway's namespace)",
    ],
    [
        "RBAC: access denied",
        "the gateway does not let this service account call the host (check the route's allowFrom)",
    ],
    [
        "upstream connect error|no healthy upstream|timeout",
        "the gateway could not reach the server (check DNS, the firewall and the route's address)",
    ],
];

/**
 * The shell script that asks until the answer is right or time is up, and leaves the reason as the container's
 * termination message, where Kubernetes and Pulumi show it.
 */
export function probeScript(probe: ProbeRequest): string {
    const diagnoses = DIAGNOSES.map(
        ([pattern, meaning]) => `elif grep -qE ${quote(pattern)} /tmp/answer; then meaning=${quote(meaning)}`,
    ).join("\n");
    const textIsRight = probe.expectedText === undefined ? "true" : `grep -qF ${quote(probe.expectedText)} /tmp/answer`;
    return `deadline=$(( $(date +%s) + ${probe.timeoutSeconds} ))
while :; do
  : > /tmp/answer
  status=$(curl -sS --max-time 10 -o /tmp/answer -w '%{http_code}' ${quote(`http://${probe.host}${probe.path}`)} 2>/tmp/error)
  if [ "$status" = ${probe.expectedStatus} ] && ${textIsRight}; then
    echo ${quote(`${probe.host} answered ${probe.expectedStatus}`)}
    exit 0
  fi
  [ "$(date +%s)" -ge "$deadline" ] && break
  sleep 1
done
if [ "$status" = 000 ]; then meaning="no answer: $(cat /tmp/error)"
elif [ "$status" = 502 ] && [ ! -s /tmp/answer ]; then meaning='the sidecar does not know the host (check that a route has it and that its allowFrom has this namespace)'
${diagnoses}
else meaning='the server answered something else than expected'
fi
printf '%s answered %s, expected %s: %s\\nanswer: %.300s\\n' ${quote(probe.host)} "$status" ${quote(expectation(probe))} "$meaning" "$(cat /tmp/answer)" | tee /dev/termination-log
exit 1
`;
}

function expectation(probe: ProbeRequest): string {
    return probe.expectedText === undefined
        ? String(probe.expectedStatus)
        : `${probe.expectedStatus} with "${probe.expectedText}"`;
}

/** `text` as one word of a POSIX shell, whatever is in it. */
function quote(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
