import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket, createSecureContext } from "node:tls";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { stringify } from "yaml";
import type { Charts } from "../../lab/build/istioFiles";
import type { Lab } from "../../lab/cluster/lab";
import {
    CERT_MANAGER_CHART_REPOSITORY,
    CERT_MANAGER_VERSION,
    ISTIO_CHART_REPOSITORY,
    ISTIO_VERSION,
} from "../../plan/shared/officialSources";
import { issue, keyPem } from "./certificates";

/** Charts that previews load, which are installed nowhere: their names and versions are those of the official ones. */
const VERSIONS: Record<string, string[]> = {
    base: ["1.30.2", "1.31.0", "1.31.1"],
    istiod: ["1.30.2", "1.31.0", "1.31.1"],
    gateway: ["1.30.2", "1.31.0", "1.31.1"],
    "cert-manager": [CERT_MANAGER_VERSION],
};

/** Addresses of this machine and of clusters on it, which are asked directly. */
const NO_PROXY = "localhost,127.0.0.1,127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16";

/** Repositories that tests have in place of the official ones. */
const OF_TESTS = ["charts.example", "charts.internal", "charts.test"];

/** Environment for an engine whose plugin takes charts from the mirror. */
export type MirrorEnvironment = Record<"HTTPS_PROXY" | "NO_PROXY" | "SSL_CERT_FILE", string>;

/** The files of the chart of that name and version, by their paths; undefined where there is none. */
type FindChart = (name: string, version: string) => Record<string, string> | undefined;

let running: Promise<MirrorEnvironment> | undefined;

/**
 * A stand-in for the chart repositories, on a loopback address: a proxy that ends the TLS of calls to them, and answers as
 * a Helm repository does. The official Kubernetes plugin loads charts in each preview, and no test calls an address
 * outside this machine. A repository that it does not stand for is unreachable, as on a machine without a network.
 */
export function chartMirror(): Promise<MirrorEnvironment> {
    return (running ??= start(emptyChart));
}

/**
 * The same with the lab's charts, which can be installed. In their defaults are the values that the lab's Envoy asks for, where the
 * published ones have those of a release (pkg/build/helm.go of istio/release-builder writes hub, tag and versions).
 */
export function labChartMirror({ charts, meshValues }: Lab): Promise<MirrorEnvironment> {
    const values: Record<string, object> = { istiod: meshValues };
    return start((name, version) => {
        if (!isChart(name) || version !== ISTIO_VERSION) {
            return undefined;
        }
        const files = readdirSync(charts[name], { recursive: true, encoding: "utf8" });
        const texts = files
            .filter((file) => statSync(join(charts[name], file)).isFile())
            .map((file) => [file, released(file, readFileSync(join(charts[name], file), "utf8"), values[name])]);
        return Object.fromEntries(texts) as Record<string, string>;
    });

    function released(file: string, text: string, defaults?: object): string {
        const edits: Record<string, () => string> = {
            "Chart.yaml": () => text.replace(/^(version|appVersion): .*/gm, `$1: ${ISTIO_VERSION}`),
            "values.yaml": () => (defaults ? `${text}\n${stringify(defaults)}` : text),
        };
        return edits[file]?.() ?? text;
    }

    function isChart(name: string): name is keyof Charts {
        return name in charts;
    }
}

async function start(find: FindChart): Promise<MirrorEnvironment> {
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-charts-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const hosts = [ISTIO_CHART_REPOSITORY, CERT_MANAGER_CHART_REPOSITORY].map((url) => new URL(url).hostname);
    hosts.push(...OF_TESTS);
    const hour = 3_600_000;
    const valid = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
    const ca = await issue({ ...valid, subject: "CN=Charts of tests", ca: true });
    const server = await issue({ ...valid, subject: "CN=charts", issuer: ca, usage: "server", hosts });
    const secureContext = createSecureContext({ cert: server.certificate, key: keyPem(server.key) });
    const file = join(folder, "ca.pem");
    writeFileSync(file, ca.certificate);

    const repository = http.createServer((request, response) => answer(request, response, find));
    const proxy = http.createServer((_, response) => response.writeHead(405).end());
    proxy.on("connect", (request, socket: Socket) => {
        socket.on("error", () => socket.destroy());
        if (!hosts.includes(new URL(`https://${request.url}`).hostname)) {
            socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
            return;
        }
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        const secure = new TLSSocket(socket, { isServer: true, secureContext });
        secure.on("error", () => secure.destroy());
        repository.emit("connection", secure);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    proxy.unref();
    const { port } = proxy.address() as AddressInfo;
    return { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY, SSL_CERT_FILE: file };
}

function answer({ url = "" }: http.IncomingMessage, response: http.ServerResponse, find: FindChart): void {
    if (url.endsWith("/index.yaml")) {
        response.end(JSON.stringify(index()));
        return;
    }
    const [, name = "", version = ""] = /\/([a-z-]+?)-(v?\d[\w.]*)\.tgz$/.exec(url) ?? [];
    const files = find(name, version);
    if (files === undefined) {
        response.writeHead(404).end();
        return;
    }
    const archive = pack();
    for (const [file, text] of Object.entries(files)) {
        archive.entry({ name: `${name}/${file}` }, text);
    }
    archive.finalize();
    archive.pipe(createGzip()).pipe(response);
}

/** A chart that previews load, and nobody installs. */
function emptyChart(name: string, version: string): Record<string, string> | undefined {
    return VERSIONS[name]?.includes(version)
        ? { "Chart.yaml": JSON.stringify({ apiVersion: "v2", name, version }) }
        : undefined;
}

/** JSON is YAML. The newest version comes first, as in an index that helm has made. */
function index() {
    const entries = Object.entries(VERSIONS).map(([name, versions]) => [
        name,
        [...versions].reverse().map((version) => ({
            apiVersion: "v2",
            name,
            version,
            urls: [`${name}-${version}.tgz`],
        })),
    ]);
    return { apiVersion: "v1", entries: Object.fromEntries(entries) as object };
}
