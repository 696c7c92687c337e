import { validateHost } from "../shared/host";
import { validateLabel } from "../shared/names";
import { Violation } from "../shared/violation";
import { FAILURE_HEADER } from "./route/failureHeader";
import { validateWholeNumber } from "../shared/wholeNumber";

export interface ProbeOptions {
    namespace: string;
    host: string;
    /** Path and query of the request, starting with a slash. */
    path: string;
    expectedStatus: number;
    /** Text that the answer must contain. */
    expectedText?: string;
    timeoutSeconds: number;
}

export function validateProbe(probe: ProbeOptions): Violation[] {
    return [
        ...validateLabel("namespace", probe.namespace, "a namespace"),
        ...validateHost("host", probe.host),
        ...validatePath(probe.path),
        ...validateText(probe.expectedText),
        ...validateWholeNumber("expectedStatus", probe.expectedStatus, "is out of range", { least: 100, most: 599 }),
        ...validateWholeNumber("timeoutSeconds", probe.timeoutSeconds, "is out of range", { most: 3600 }),
    ];
}

function validatePath(path: string): Violation[] {
    return /^\/[!-~]*$/.test(path)
        ? []
        : [
              {
                  path: "path",
                  value: path,
                  problem: "is not an absolute URL path",
                  expected: 'a path such as "/health", without spaces',
                  fix: "Start it with a slash, and percent-encode spaces and non-ASCII characters, such as %20",
              },
          ];
}

function validateText(text: string | undefined): Violation[] {
    // grep treats each line as a separate pattern, and would accept a match of any of them.
    return text === undefined || /^[^\0\r\n]+$/.test(text)
        ? []
        : [
              {
                  path: "expectedText",
                  value: text,
                  problem: text === "" ? "is empty" : "has more than one line",
                  expected: "text from a single line of the answer",
                  fix: "Shorten it to one line, or remove expectedText to accept any answer",
              },
          ];
}

/** Symptoms in the answer, each with its cause and a fix. The first match is reported. */
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
    ["WRONG_VERSION_NUMBER", "the server does not use TLS on this port (check the route's port)"],
    [
        "plain HTTP request was sent to HTTPS port",
        "the call left the cluster in plaintext (check that the caller has a sidecar and that the route has the host)",
    ],
    [
        "Secret.is.not.supplied.by.SDS",
        "the gateway does not have the route's credential (check that the secret is in the gateway's namespace)",
    ],
    [
        "no route from this service account|RBAC: access denied",
        "the gateway does not allow this service account to call the host (check the route's allowFrom)",
    ],
    [
        "upstream connect error|no healthy upstream|timeout",
        "the gateway could not reach the server (check DNS, the firewall and the route's address)",
    ],
];

/**
 * Shell script that repeats the request until the answer is as expected or time is up. It prints the reason last:
 * Kubernetes makes that the container's termination message, which Pulumi shows.
 */
export function probeScript(probe: ProbeOptions): string {
    const diagnoses = DIAGNOSES.map(
        ([pattern, meaning]) => `elif grep -qE -e ${quote(pattern)} answer failure; then meaning=${quote(meaning)}`,
    ).join("\n");
    const textIsRight = probe.expectedText === undefined ? "true" : `grep -qF -e ${quote(probe.expectedText)} answer`;
    return `cd "$(mktemp -d)" || exit 2
deadline=$(( $(date +%s) + ${probe.timeoutSeconds} ))
while :; do
  : > answer; : > headers
  status=$(curl -sS -g --max-time 10 -D headers -o answer -w '%{http_code}' ${quote(`http://${probe.host}${probe.path}`)} 2>error)
  if [ "$status" = ${probe.expectedStatus} ] && ${textIsRight}; then
    echo ${quote(`${probe.host} answered ${probe.expectedStatus}`)}
    exit 0
  fi
  [ "$(date +%s)" -ge "$deadline" ] && break
  sleep 1
done
grep -i '^${FAILURE_HEADER}:' headers > failure
if [ "\${status:-000}" = 000 ]; then meaning="no answer: $(cat error)"
elif [ "$status" = 502 ] && [ ! -s answer ]; then meaning='the sidecar does not know the host (check that a route has the host and that its allowFrom has this namespace)'
${diagnoses}
else meaning='the answer is not the expected one'
fi
printf '%s answered %s, expected %s: %s\\nanswer: %.300s\\n%.500s\\n' ${quote(probe.host)} "$status" ${quote(expectation(probe))} "$meaning" "$(cat answer)" "$(cat failure)"
exit 1
`;
}

function expectation(probe: ProbeOptions): string {
    return probe.expectedText === undefined
        ? String(probe.expectedStatus)
        : `${probe.expectedStatus} with "${probe.expectedText}"`;
}

/** `text` quoted as one word for a POSIX shell, whatever it contains. */
function quote(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
