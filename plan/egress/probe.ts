import { validateHost } from "../shared/host";
import { validateLabel } from "../shared/names";
import { Violation } from "../shared/violation";
import { FAILURE_HEADER } from "./route/failureHeader";
import { validateWholeNumber } from "../shared/wholeNumber";

export interface ProbeOptions {
    namespace: string;
    host: string;
    /** Path and query to ask for, beginning with a slash. */
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
                  problem: "is not an absolute path of a URL",
                  expected: 'a path such as "/health", without spaces',
                  fix: "Begin it with a slash, and write anything but plain ASCII as %20 and the like",
              },
          ];
}

function validateText(text: string | undefined): Violation[] {
    // grep reads each line as a text of its own, and would be content with one of them.
    return text === undefined || /^[^\0\r\n]+$/.test(text)
        ? []
        : [
              {
                  path: "expectedText",
                  value: text,
                  problem: text === "" ? "is empty" : "has more than one line",
                  expected: "part of one line of the answer",
                  fix: "Give one line of it, or leave it out for any answer",
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
        "Secret.is.not.supplied.by.SDS",
        "the gateway has no such credential (check that the secret is in the gateway's namespace)",
    ],
    [
        "no route from this service account|RBAC: access denied",
        "the gateway does not let this service account call the host (check the route's allowFrom)",
    ],
    [
        "upstream connect error|no healthy upstream|timeout",
        "the gateway could not reach the server (check DNS, the firewall and the route's address)",
    ],
];

/**
 * The shell script that asks until the answer is right or time is up. It prints the reason last, for Kubernetes to take
 * as the container's termination message, where Pulumi shows it.
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
elif [ "$status" = 502 ] && [ ! -s answer ]; then meaning='the sidecar does not know the host (check that a route has it and that its allowFrom has this namespace)'
${diagnoses}
else meaning='the server answered something else than expected'
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

/** `text` as one word of a POSIX shell, whatever is in it. */
function quote(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
