import { randomUUID } from "node:crypto";
import { curlPodSpec } from "../../plan/shared/hardenedPod";
import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import { reasonIn } from "../input/printed";
import { LoggedCall, readAccessLog } from "./accessLog";
import { MadeCall, Snapshot } from "./snapshot";

/** Longer than a gateway tries to connect, with its retries. */
const CALL_SECONDS = 45;
const READY_SECONDS = 60;
const LOG_SECONDS = 10;

/** Makes one call from a pod of the caller's service account that is deleted afterwards, and reads both proxies' logs. */
export async function makeCall(kubectl: RunKubectl, { question, gateway }: Snapshot, image: string): Promise<MadeCall> {
    const { from, host, isTls } = question;
    if (!from) {
        throw new CommandError(
            "--call needs --from NAMESPACE/SERVICEACCOUNT: the call is made as that service account.",
        );
    }
    const mark = randomUUID();
    const pod = `mesh-egress-call-${mark.slice(0, 8)}`;
    await start(kubectl, from, pod, image);
    try {
        const url = `${isTls ? "https" : "http"}://${host}/?mesh-egress-explain=${mark}`;
        const exec = ["exec", "-n", from.namespace, pod, "-c", "call", "--"];
        // The audit log has no query, but says who called.
        const identity = `/ns/${from.namespace}/sa/${from.serviceAccount}`;
        const isOurs: IsOurs = ({ path, caller, host: called }) =>
            path.includes(mark) || (caller.endsWith(identity) && called === host && path === "/");
        const { stdout, stderr } = await kubectl([
            ...exec,
            "curl",
            "-sS",
            "--max-time",
            String(CALL_SECONDS),
            "-w",
            "\n%{http_code}",
            url,
        ]);
        const lines = stdout.split("\n");
        const status = Number(lines.pop());
        const said = stderr.split("\n").find((line) => line.includes("curl:")) ?? "";
        return {
            status: Number.isInteger(status) ? status : 0,
            body: lines.join("\n").slice(0, 4000),
            error: said,
            atSidecar: await logged(kubectl, from.namespace, pod, isOurs),
            atGateway:
                gateway &&
                (await loggedByAny(
                    kubectl,
                    gateway.namespace,
                    gateway.pods.map(({ name }) => name),
                    isOurs,
                )),
        };
    } finally {
        await kubectl(["delete", "pod", pod, "-n", from.namespace, "--wait=false", "--grace-period=1"]);
    }
}

async function start(
    kubectl: RunKubectl,
    { namespace, serviceAccount }: { namespace: string; serviceAccount: string },
    name: string,
    image: string,
): Promise<void> {
    const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "mesh-egress-explain" } },
        spec: {
            ...curlPodSpec({ name: "call", image, command: ["sleep", "300"], serviceAccountName: serviceAccount }),
            terminationGracePeriodSeconds: 1,
            // It ends by itself if this command is interrupted and cannot delete it.
            activeDeadlineSeconds: 300,
        },
    };
    const created = await kubectl(["create", "-f", "-"], JSON.stringify(pod));
    if (created.code !== 0) {
        throw new CommandError(`The pod for the call cannot be created: ${reasonIn(created.stderr)}`);
    }
    const ready = await kubectl([
        "wait",
        `pod/${name}`,
        "-n",
        namespace,
        "--for=condition=Ready",
        `--timeout=${READY_SECONDS}s`,
    ]);
    if (ready.code !== 0) {
        await kubectl(["delete", "pod", name, "-n", namespace, "--wait=false"]);
        throw new CommandError(
            `The pod for the call is not ready after ${READY_SECONDS} s. Check that the cluster can pull ${image}, or pass another --image with curl in it.`,
        );
    }
}

/** Whether a line is about the call that was made. */
type IsOurs = (line: LoggedCall) => boolean;

async function loggedByAny(
    kubectl: RunKubectl,
    namespace: string,
    pods: string[],
    isOurs: IsOurs,
): Promise<LoggedCall | undefined> {
    const found = await Promise.all(pods.map((pod) => logged(kubectl, namespace, pod, isOurs)));
    return found.find((one) => one !== undefined);
}

/** The line about the call in a proxy's log, which may be a moment late. */
async function logged(
    kubectl: RunKubectl,
    namespace: string,
    pod: string,
    isOurs: IsOurs,
): Promise<LoggedCall | undefined> {
    const deadline = Date.now() + LOG_SECONDS * 1000;
    do {
        const { code, stdout } = await kubectl(["logs", "-n", namespace, pod, "-c", "istio-proxy", "--since=2m"]);
        const call = readAccessLog(stdout).findLast(isOurs);
        if (call || code !== 0) {
            return call;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
    } while (Date.now() < deadline);
    return undefined;
}
