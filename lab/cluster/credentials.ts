import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { command } from "../command";
import { apiServerUrl, kubernetesService, nodeAddress, nodeName } from "./addresses";
import { adminKubeconfig, certificateFolder, kubeconfigOf, tokenFile } from "./places";

interface User {
    /** The start of its kubeconfig's name. */
    file: string;
    name: string;
    groups?: string[];
}

const users: readonly User[] = [
    { file: "admin", name: "admin", groups: ["system:masters"] },
    { file: "controller-manager", name: "system:kube-controller-manager" },
    { file: "scheduler", name: "system:kube-scheduler" },
    { file: "node", name: `system:node:${nodeName}`, groups: ["system:nodes"] },
    { file: "proxy", name: "system:kube-proxy" },
];

const inFolder = (name: string) => join(certificateFolder, name);

export const files = {
    ca: inFolder("ca.crt"),
    caKey: inFolder("ca.key"),
    serving: inFolder("apiserver.crt"),
    servingKey: inFolder("apiserver.key"),
    kubeletClient: inFolder("kubelet-client.crt"),
    kubeletClientKey: inFolder("kubelet-client.key"),
    serviceAccountKey: inFolder("service-account.key"),
};

/** Makes a lab's certificates, tokens and kubeconfigs, all new for each lab; those of a running lab are kept. */
export async function ensureCredentials(): Promise<void> {
    if (existsSync(adminKubeconfig)) return;
    mkdirSync(certificateFolder, { recursive: true, mode: 0o700 });
    await makeCertificateAuthority();
    await Promise.all([makeServing(), makeKubeletClient()]);
    writePrivate(files.serviceAccountKey, newServiceAccountKey());
    const tokens = users.map((user) => ({ ...user, token: randomBytes(24).toString("hex") }));
    writePrivate(tokenFile, tokenLines(tokens));
    // The administrator's kubeconfig comes last, so its existence means that all others exist.
    for (const { file, token } of tokens.reverse()) writePrivate(kubeconfigOf(file), kubeconfig(file, token));
}

export function tokenLines(tokens: (User & { token: string })[]): string {
    const line = ({ token, name, groups }: User & { token: string }) =>
        [token, name, name, ...(groups ? [`"${groups.join()}"`] : [])].join();
    return tokens.map((token) => `${line(token)}\n`).join("");
}

function kubeconfig(user: string, token: string): string {
    const authority = readFileSync(files.ca).toString("base64");
    const cluster = { server: apiServerUrl, "certificate-authority-data": authority };
    return stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "mesh-egress-lab",
        clusters: [{ name: "mesh-egress-lab", cluster }],
        users: [{ name: user, user: { token } }],
        contexts: [{ name: "mesh-egress-lab", context: { cluster: "mesh-egress-lab", user } }],
    });
}

function newServiceAccountKey(): string {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

function makeCertificateAuthority(): Promise<string> {
    return selfSigned(files.ca, files.caKey, "/CN=mesh-egress-lab", [
        "basicConstraints=critical,CA:TRUE",
        "keyUsage=critical,keyCertSign,cRLSign",
    ]);
}

function makeServing(): Promise<string> {
    const names = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ];
    const addresses = [nodeAddress, kubernetesService, "127.0.0.1"];
    const alternatives = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
    return signed(files.serving, files.servingKey, "/CN=kube-apiserver", [
        "extendedKeyUsage=serverAuth",
        `subjectAltName=${alternatives.join()}`,
    ]);
}

/** With this the API server may read logs and run commands in pods; nobody else may ask the kubelet for that. */
function makeKubeletClient(): Promise<string> {
    const subject = "/O=system:masters/CN=kube-apiserver-kubelet-client";
    return signed(files.kubeletClient, files.kubeletClientKey, subject, ["extendedKeyUsage=clientAuth"]);
}

function signed(certificate: string, key: string, subject: string, extensions: string[]): Promise<string> {
    const authority = ["-CA", files.ca, "-CAkey", files.caKey];
    return selfSigned(certificate, key, subject, ["basicConstraints=critical,CA:FALSE", ...extensions], authority);
}

async function selfSigned(
    certificate: string,
    key: string,
    subject: string,
    extensions: string[],
    authority: string[] = [],
): Promise<string> {
    // OpenSSL's default configuration adds a CA constraint of its own, which would then stand there twice.
    const config = `${certificate}.cnf`;
    writePrivate(config, "[req]\ndistinguished_name = subject\n[subject]\n");
    const said = await command("openssl", [
        ...["req", "-x509", "-new", "-config", config, "-subj", subject, "-days", "365"],
        ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key, "-out", certificate],
        ...authority,
        ...extensions.flatMap((extension) => ["-addext", extension]),
    ]);
    rmSync(config);
    return said;
}

function writePrivate(file: string, text: string): void {
    writeFileSync(file, text, { mode: 0o600 });
}
