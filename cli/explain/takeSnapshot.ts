import { readCertificate } from "../../plan/pki/pem";
import { fields, list, text, textMap, texts } from "../../review/fields";
import { covers } from "../../review/hosts";
import { callersAtGateway } from "../../review/mesh/gatewayCallers";
import { RawObject, objectRef } from "../../review/rawObject";
import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import { objectsIn } from "../input/objects";
import { printedJson, reasonIn } from "../input/printed";
import { CLUSTER_KINDS, readCluster } from "../input/readCluster";
import { readAccessLog } from "./accessLog";
import { ProxyConfig, readProxyConfig } from "./envoy";
import { CertificateState, PodState, Question, SecretState, Snapshot } from "./snapshot";
import { gatewayOf } from "./steps";

/** Policies that are named, because the explanation does not read what they say. */
const OTHER_POLICIES = CLUSTER_KINDS.filter((kind) => /networkpolicies\.(?!networking\.k8s\.io)/.test(kind));

const KINDS = [
    "serviceentries.networking.istio.io",
    "virtualservices.networking.istio.io",
    "destinationrules.networking.istio.io",
    "gateways.networking.istio.io",
    "sidecars.networking.istio.io",
    "authorizationpolicies.security.istio.io",
    "networkpolicies.networking.k8s.io",
    ...OTHER_POLICIES,
    "namespaces",
];

/** How far back the gateway's log is read. */
const LOG_AGE = "10m";

/** Reads everything that an explanation looks at. Changes nothing: it lists objects, and asks proxies for their configuration. */
export async function takeSnapshot(kubectl: RunKubectl, question: Question, now: Date): Promise<Snapshot> {
    const { objects } = await readCluster(kubectl, KINDS);
    const raw = objects.map(({ object }) => object);
    const pod = question.from && (await callerPod(kubectl, question.from));
    const proxy = pod?.hasProxy ? await proxyOf(kubectl, pod) : undefined;
    const snapshot: Snapshot = { question, now, objects: raw, ...(question.from && { caller: { pod, proxy } }) };
    const place = gatewayPlace(snapshot);
    if (!place) {
        return snapshot;
    }
    const gateway = await readGatewayState(kubectl, place, question);
    return { ...snapshot, gateway, allowed: callersAtGateway(raw, { ...place, ...question }) };
}

interface Place {
    name: string;
    namespace: string;
    port: number;
}

/** Where the sidecar leads the call; without a caller, where a VirtualService does. */
function gatewayPlace({ question, caller, objects }: Snapshot): Place | undefined {
    const { host, port, isTls } = question;
    const own = isTls ? caller?.proxy?.forwardedTo(host)[0] : caller?.proxy?.routesOf(host, port)?.[0]?.cluster;
    if (own !== undefined) {
        return gatewayOf(own);
    }
    for (const { kind, spec } of objects) {
        if (kind !== "VirtualService" || !texts(fields(spec).hosts).some((one) => covers(one, host))) {
            continue;
        }
        for (const route of [...list(fields(spec).http), ...list(fields(spec).tls)]) {
            for (const one of list(fields(route).route)) {
                const destination = fields(fields(one).destination);
                const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(text(destination.host) ?? "") ?? [];
                if (name !== undefined && destination.host !== host) {
                    return { name, namespace, port: Number(fields(destination.port).number ?? 443) };
                }
            }
        }
    }
    return undefined;
}

async function readGatewayState(
    kubectl: RunKubectl,
    place: Place,
    { host, isTls }: Question,
): Promise<Snapshot["gateway"]> {
    const { name, namespace, port } = place;
    const service = (await items(kubectl, ["get", "service", name, "-n", namespace]))[0];
    const selector = textMap(fields(service?.spec).selector);
    const ports = list(fields(service?.spec).ports).map(fields);
    const podPort = Number(ports.find((one) => one.port === port)?.targetPort ?? port);
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
    const pods =
        labels.length === 0
            ? []
            : (await items(kubectl, ["get", "pods", "-n", namespace, "-l", labels.join(",")])).map(podState);
    const running = pods.find(({ isReady }) => isReady) ?? pods[0];
    const proxy = running && (await proxyOf(kubectl, running));
    const logs =
        running && (await kubectl(["logs", "-n", namespace, running.name, "-c", "istio-proxy", `--since=${LOG_AGE}`]));
    return {
        name,
        namespace,
        port,
        podPort,
        pods,
        proxy,
        secrets: proxy ? await secretsOf(kubectl, namespace, proxy, host) : [],
        log: readAccessLog(logs?.stdout ?? "").filter((call) => call.host === host || isTls),
    };
}

/** A running pod of the service account, one with a sidecar before one without. */
async function callerPod(kubectl: RunKubectl, from: NonNullable<Question["from"]>): Promise<PodState | undefined> {
    const all = (await items(kubectl, ["get", "pods", "-n", from.namespace])).filter(
        (pod) => fields(pod.status).phase === "Running" && fields(pod.metadata).deletionTimestamp === undefined,
    );
    const own = all.map(podState).filter(({ serviceAccount }) => serviceAccount === from.serviceAccount);
    return own.find(({ hasProxy, isReady }) => hasProxy && isReady) ?? own.find(({ hasProxy }) => hasProxy) ?? own[0];
}

function podState(pod: Item): PodState {
    const { namespace, name } = objectRef(pod);
    const spec = fields(pod.spec);
    const status = fields(pod.status);
    const containers = [...list(spec.containers), ...list(spec.initContainers)].map((one) => fields(one).name);
    const ready = list(status.conditions)
        .map(fields)
        .find(({ type }) => type === "Ready");
    const waiting = [...list(status.containerStatuses), ...list(status.initContainerStatuses)]
        .map((one) => fields(fields(fields(one).state).waiting))
        .find(({ reason }) => text(reason) !== undefined);
    return {
        namespace,
        name,
        serviceAccount: text(spec.serviceAccountName) ?? "default",
        labels: textMap(fields(pod.metadata).labels),
        isReady: ready?.status === "True" && fields(pod.metadata).deletionTimestamp === undefined,
        hasProxy: containers.includes("istio-proxy"),
        reason: text(waiting?.reason) ?? text(ready?.reason) ?? text(status.phase),
    };
}

async function proxyOf(kubectl: RunKubectl, { namespace, name }: PodState): Promise<ProxyConfig | undefined> {
    const args = [
        "exec",
        "-n",
        namespace,
        name,
        "-c",
        "istio-proxy",
        "--",
        "pilot-agent",
        "request",
        "GET",
        "config_dump",
    ];
    const { code, stdout } = await kubectl(args);
    return code === 0 ? readProxyConfig(printedJson(`kubectl exec -n ${namespace} ${name}`, stdout)) : undefined;
}

/** The secrets that the host's clusters name, and what certificates are in them. No key is kept. */
async function secretsOf(
    kubectl: RunKubectl,
    namespace: string,
    proxy: ProxyConfig,
    host: string,
): Promise<SecretState[]> {
    const clusters = [80, 443].flatMap((port) => proxy.clusterOf(`outbound|${port}||${host}`) ?? []);
    const routed = (proxy.routesOf(host, 443) ?? []).flatMap(({ cluster }) => proxy.clusterOf(cluster ?? "") ?? []);
    const names = [...clusters, ...routed].flatMap(({ certificateSecret, caSecret }) => [certificateSecret, caSecret]);
    const wanted = [...new Set(names.flatMap((name) => (name ? [name, name.replace(/-cacert$/, "")] : [])))];
    const found = await Promise.all(
        wanted.map(async (name) => {
            const { code, stdout } = await kubectl(["get", "secret", name, "-n", namespace, "-o", "json"]);
            return code === 0
                ? [secretState(name, fields(fields(printedJson(`kubectl get secret ${name}`, stdout)).data))]
                : [];
        }),
    );
    return found.flat();
}

function secretState(name: string, data: Record<string, unknown>): SecretState {
    const pem = (key: string) => Buffer.from(text(data[key]) ?? "", "base64").toString();
    const shown = certificatesIn(pem("cert") || pem("tls.crt"));
    return {
        name,
        keys: Object.keys(data),
        certificate: shown[0],
        authorities: certificatesIn(pem("cacert") || pem("ca.crt")),
    };
}

function certificatesIn(pem: string): CertificateState[] {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    return blocks.flatMap((block) => {
        try {
            const { subject, issuer, validFrom, validTo } = readCertificate(block);
            const line = (name: string | undefined) => (name ?? "").split("\n").join(", ");
            return [
                {
                    subject: line(subject),
                    issuer: line(issuer),
                    notBefore: new Date(validFrom),
                    notAfter: new Date(validTo),
                },
            ];
        } catch {
            return [];
        }
    });
}

type Item = RawObject & { status?: unknown };

async function items(kubectl: RunKubectl, args: string[]): Promise<Item[]> {
    const { code, stdout, stderr } = await kubectl([...args, "-o", "json"]);
    if (code !== 0) {
        if (/NotFound|not found/.test(stderr)) {
            return [];
        }
        throw new CommandError(`kubectl ${args.join(" ")}: ${reasonIn(stderr)}`);
    }
    const value = printedJson(`kubectl ${args.join(" ")}`, stdout);
    return objectsIn("the cluster", { line: 1, text: "", value }).objects.map(({ object }) => object);
}
