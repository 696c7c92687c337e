import { Cluster, PodRef, waitFor } from "./cluster";
import { foreignClient } from "./foreignClient";
import { Answer, ClientPem, call, callServer } from "./http";
import { logLine } from "./logLine";
import { CALLERS, CLIENT_NAME, HOST, IMPOSTOR, LATE, LATE_SECRET, ROUTE } from "./program";
import { proxySecrets, rejectedUpdates } from "./proxy";
import { Workloads, findGateway } from "./workloads";

/** What a proof looks at. */
export interface ProofContext extends Workloads {
    cluster: Cluster;
    gateway: PodRef;
    server: PodRef;
    /** DNS name of the server inside the cluster. */
    serverAddress: string;
}

/** One expectation of the running environment. `observe` returns what it saw, and throws if that differs. */
export interface Proof {
    claim: string;
    expected: string;
    observe(context: ProofContext): Promise<string>;
}

const WELCOME = "Welcome to the Mutual TLS Server!";

export const PROOFS: Proof[] = [
    {
        claim: "an application in the mesh calls the partner over plain HTTP",
        expected: `200 and "${WELCOME}"`,
        observe: async ({ cluster, caller }) => {
            const answer = await call(cluster, caller, HOST);
            expectStatus(answer, 200);
            expectText("the answer", answer.body, WELCOME);
            if (answer.failure !== "") {
                throw new Error(`a call that worked has the failure ${answer.failure}`);
            }
            return `200 and "${WELCOME}"`;
        },
    },
    {
        claim: "the call leaves through the gateway",
        expected: `outbound|80||${HOST} in the gateway's log`,
        observe: async ({ cluster, caller, gateway }) => {
            const answer = await call(cluster, caller, HOST);
            const line = await logLine(cluster, gateway, answer.mark);
            expectText("the gateway's log", line, `outbound|80||${HOST}`);
            return `outbound|80||${HOST}`;
        },
    },
    {
        claim: "the partner sees the route's client certificate",
        expected: `CN=${CLIENT_NAME} in the server's log`,
        observe: async ({ cluster, caller, server }) => {
            const answer = await call(cluster, caller, HOST);
            const line = await logLine(cluster, server, answer.mark);
            expectText("the server's log", line, `CN=${CLIENT_NAME}`);
            if (!/"Client fingerprint" [0-9a-f]{40}/.test(line)) {
                throw new Error(`no fingerprint in the server's log: ${line}`);
            }
            return /"Client DN" [^"]*/.exec(line)?.[0].trim() ?? line;
        },
    },
    {
        claim: "the server refuses a call without a client certificate",
        expected: "400",
        observe: (context) => observeServer(context, 400),
    },
    {
        claim: "the server refuses a client certificate of another CA",
        expected: "400",
        observe: async (context) => observeServer(context, 400, await foreignClient(CLIENT_NAME)),
    },
    {
        claim: "the server takes the route's certificate, which shows that the two above were refused for theirs",
        expected: "200",
        observe: async (context) => observeServer(context, 200, await deliveredClient(context)),
    },
    {
        claim: "a server whose certificate names another host is not talked to, and the caller is told why",
        expected: "503, CERTIFICATE_VERIFY_FAILED",
        observe: async ({ cluster, caller }) => {
            const answer = await call(cluster, caller, IMPOSTOR);
            expectStatus(answer, 503);
            expectText("the reason", answer.failure, "CERTIFICATE_VERIFY_FAILED");
            return "503, CERTIFICATE_VERIFY_FAILED";
        },
    },
    {
        claim: "without its credential a route is closed, and opens within 15 s of it, the gateway not restarted",
        expected: "503, then 200",
        observe: async (context) => {
            const { cluster, caller, gateway } = context;
            const secret = lateSecret(gateway.namespace);
            if (await cluster.exists(secret)) {
                // An earlier run created it, and the gateway keeps a secret after it is deleted.
                await cluster.remove(secret);
                await restartGateway(context);
            }
            await waitFor(`503 from ${LATE} while its secret is absent`, 15, async () => {
                return (await call(cluster, caller, LATE)).status === 503;
            });
            const before = await gatewayStart(context);
            await cluster.apply({ ...secret, type: "kubernetes.io/tls", data: await credentialData(context) });
            await waitFor(`200 from ${LATE} once its secret is there`, 15, async () => {
                return (await call(cluster, caller, LATE)).status === 200;
            });
            if ((await gatewayStart(context)) !== before) {
                throw new Error("the gateway was restarted");
            }
            return "503, then 200";
        },
    },
    {
        claim: "a host that no route declares is refused",
        expected: "502 from the sidecar, or no address at all",
        observe: async ({ cluster, caller }) => {
            const named = await call(cluster, caller, "undeclared.example");
            if (named.status !== 0 && named.status !== 502) {
                throw new Error(`undeclared.example answered ${named.status}`);
            }
            // A name that DNS does not know proves little, so an address is called.
            const address = await call(cluster, caller, "198.51.100.1");
            expectStatus(address, 502);
            return `${named.status || "no address"}; by address 502`;
        },
    },
    {
        claim: "who is outside the mesh, or not allowed, does not get through the gateway",
        expected: "no HTTP answer from the gateway's port",
        observe: async ({ cluster, outsider, gateway }) => {
            const answer = await call(cluster, outsider, `egress-gateway.${gateway.namespace}.svc.cluster.local:443`);
            expectStatus(answer, 0);
            return "connection refused by TLS";
        },
    },
    {
        claim: "the application's sidecar holds no credential of a route",
        expected: "only the mesh's own secrets",
        observe: async ({ cluster, caller }) => {
            const names = await proxySecrets(cluster, caller);
            const foreign = names.filter((name) => name !== "default" && name !== "ROOTCA");
            if (names.length === 0 || foreign.length > 0) {
                throw new Error(`the sidecar has ${names.join(", ") || "no secrets at all"}`);
            }
            return names.join(", ");
        },
    },
    {
        claim: "no proxy has rejected configuration",
        expected: "update_rejected is 0 in sidecar and gateway",
        observe: async ({ cluster, caller, gateway }) => {
            const rejected = (await Promise.all([caller, gateway].map((pod) => rejectedUpdates(cluster, pod)))).flat();
            if (rejected.length > 0) {
                throw new Error(rejected.join("; "));
            }
            return "0 and 0";
        },
    },
];

/** Calls the server itself, from outside the mesh. */
async function observeServer(context: ProofContext, status: number, client?: ClientPem): Promise<string> {
    const server = { host: HOST, address: context.serverAddress };
    const answer = await callServer(context.cluster, context.outsider, server, client);
    expectStatus(answer, status);
    return String(status);
}

function expectStatus(answer: Answer, status: number): void {
    if (answer.status !== status) {
        throw new Error(`answered ${answer.status}, not ${status}: ${answer.body.slice(0, 300)} ${answer.error}`);
    }
}

function expectText(what: string, text: string, part: string): void {
    if (!text.includes(part)) {
        throw new Error(`${what} has no ${JSON.stringify(part)}: ${text.slice(0, 500)}`);
    }
}

function lateSecret(namespace: string) {
    return { apiVersion: "v1", kind: "Secret", metadata: { name: LATE_SECRET, namespace } };
}

async function credentialData({ cluster, gateway }: ProofContext): Promise<Record<string, string>> {
    const { data } = await cluster.core.readNamespacedSecret({ name: ROUTE, namespace: gateway.namespace });
    return data ?? {};
}

async function deliveredClient(context: ProofContext): Promise<ClientPem> {
    const data = await credentialData(context);
    const text = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
    return { certificate: text("tls.crt"), privateKey: text("tls.key") };
}

async function restartGateway(context: ProofContext): Promise<void> {
    const { name, namespace } = context.gateway;
    await context.cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } }, 1);
    context.gateway = await findGateway(context.cluster);
}

/** What changes when the gateway's pod is replaced or its container restarted. */
async function gatewayStart({ cluster, gateway }: ProofContext): Promise<string> {
    const { metadata, status } = await cluster.core.readNamespacedPod({
        name: gateway.name,
        namespace: gateway.namespace,
    });
    return `${metadata?.uid} ${status?.containerStatuses?.map((container) => container.restartCount).join()}`;
}

/** Namespaces of the environment that a stack's removal must take along. */
export const STACK_NAMESPACES = ["istio-system", "istio-egress", "mesh-external", CALLERS];
