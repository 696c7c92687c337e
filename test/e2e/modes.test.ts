import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { Stack } from "@pulumi/pulumi/automation";
import { EgressMode } from "../../components";
import { openProofStack } from "../../lab/local/stack";
import { binary } from "../../lab/build/build";
import { attempt } from "../../lab/command";
import { findOnPath } from "../../lab/engine/findOnPath";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { Answer, ClientPem, call, request } from "../../lab/proof/http";
import { logLine } from "../../lab/proof/logLine";
import { proxyPage, rejectedUpdates } from "../../lab/proof/proxy";
import { Issued, issue, keyPem, revocationList } from "../support/certificates";
import { callsTogether } from "../support/callsTogether";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { PARTNER, startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import {
    APPS,
    CALLER,
    GATEWAY,
    PARTNERS,
    RESOLVABLE,
    SECRET_CASES,
    SELECTED,
    caseHost,
    modesProgram,
} from "./modes.program";

const HOUR = 3_600_000;

/** A name for a certificate that ends a header and adds a line to a log wherever it is repeated as it is. */
const HOSTILE_NAME = 'elsewhere.example\r\nx-forged: header\r\n\r\n{"forged":"line"}\r\n';

describe("every egress mode on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let gateway: PodRef;
    /** Of the service account that may call, and labelled for origination in its sidecar. */
    let caller: PodRef;
    /** Of another service account, and without the label. */
    let other: PodRef;
    /** With the files of a credential in its sidecar. */
    let mounted: PodRef;
    let ca: Issued;
    let servers: Record<"most" | "revoked" | "otherCa" | "hostile", Issued>;
    let client: ClientPem;
    let secrets: Record<keyof typeof SECRET_CASES, Record<string, string> | undefined>;

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const now = Date.now();
        const valid = { notBefore: new Date(now - HOUR), notAfter: new Date(now + 24 * HOUR) };
        ca = await issue({ subject: "CN=modes CA", ca: true, ...valid });
        const otherCa = await issue({ subject: "CN=modes other CA", ca: true, ...valid });
        const server = (issuer: Issued, hosts: string[]) =>
            issue({ subject: `CN=${hosts[0]}`, issuer, hosts, usage: "server", ...valid });
        const names = [
            ...["mutual", "generic", "files", "without-certificate", "simple", "crossed-ca", "system-ca", "public"],
            ...["simple-plaintext-leg", "passthrough", "passthrough-simple", "sidecar", "sidecar-files"],
            ...["sidecar-simple", "direct", ...Object.keys(SECRET_CASES)],
        ].filter((name) => name !== "revoked-server");
        servers = {
            most: await server(ca, names.map(caseHost)),
            revoked: await server(ca, [caseHost("revoked-server")]),
            otherCa: await server(otherCa, [caseHost("other-ca")]),
            hostile: await issue({
                ...valid,
                subject: "CN=hostile",
                issuer: ca,
                hosts: [HOSTILE_NAME],
                usage: "server",
            }),
        };
        const own = await issue({ subject: "CN=modes client", issuer: ca, ...valid });
        const foreign = await issue({ subject: "CN=modes client", issuer: otherCa, ...valid });
        client = { certificate: own.certificate, privateKey: keyPem(own.key) };
        const good = { "tls.crt": own.certificate, "tls.key": keyPem(own.key), "ca.crt": ca.certificate };
        const { serialNumber: revoked } = new X509Certificate(servers.revoked.certificate);
        secrets = {
            absent: undefined,
            "wrong-ca": { ...good, "ca.crt": otherCa.certificate },
            "ca-alone": { "ca.crt": ca.certificate },
            "foreign-client": { ...good, "tls.crt": foreign.certificate, "tls.key": keyPem(foreign.key) },
            "revoked-server": { ...good, "ca.crl": await revocationList(ca, [revoked]) },
            "unrelated-revocation": { ...good, "ca.crl": await revocationList(ca, [`7f${revoked.slice(2)}`]) },
            "fake-root": { "ca.crt": otherCa.certificate },
            "simple-absent": undefined,
        };

        await startPartner(
            cluster,
            PARTNERS,
            environment.local.settings.nginxImage ?? "nginx:1.29",
            [
                { hosts: names.map(caseHost), certificate: servers.most },
                { hosts: [caseHost("revoked-server")], certificate: servers.revoked },
                { hosts: [caseHost("other-ca")], certificate: servers.otherCa },
                { hosts: [caseHost("hostile")], certificate: servers.hostile },
            ],
            ca.certificate,
        );
        for (const [name, port, targetPort] of [
            ["detour", PARTNER.http, PARTNER.redirect],
            ["named", PARTNER.http, PARTNER.http],
        ] as const) {
            await cluster.apply({
                apiVersion: "v1",
                kind: "Service",
                metadata: { name, namespace: PARTNERS },
                spec: { selector: { app: "partner" }, ports: [{ name: "http", port, targetPort }] },
            });
        }
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        const pems = { ...client, ca: ca.certificate, otherCa: otherCa.certificate };
        const { engine, plugins, local } = environment;
        stack = await openProofStack(engine, plugins, local, "modes", modesProgram(local, pems));
        await stack.up({ refresh: true, ...listening });
        for (const [name, data] of Object.entries(secrets)) {
            if (data) {
                await applySecret(name, data);
            }
        }
        const image = local.settings.curlImage;
        const { podAnnotations } = await stack.outputs();
        [gateway, caller, other, mounted] = await Promise.all([
            cluster.readyPod(GATEWAY, "istio=modes", "istio-proxy"),
            startCaller(cluster, APPS, "caller", image, { serviceAccount: CALLER, labels: SELECTED }),
            startCaller(cluster, APPS, "other", image),
            startCaller(cluster, APPS, "mounted", image, {
                labels: { files: "mounted" },
                annotations: podAnnotations.value as Record<string, string>,
            }),
        ]);
    });

    after(async () => {
        if (stack === undefined) {
            return;
        }
        await stack.destroy(listening);
        for (const name of [APPS, PARTNERS]) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** A secret of the gateway's; one without a certificate under the name by which Istio finds a CA alone. */
    async function applySecret(name: string, stringData: Record<string, string>): Promise<void> {
        const caOnly = SECRET_CASES[name as keyof typeof SECRET_CASES] === EgressMode.SimpleTls;
        const metadata = { name: caOnly ? `${name}-cacert` : name, namespace: GATEWAY };
        await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData });
    }

    /** The answer of a mode's host once it has the status: configuration takes a moment to arrive everywhere. */
    async function answers(from: PodRef, name: string, status: number, seconds = 15): Promise<Answer> {
        let last: Answer | undefined;
        await waitFor(`${status} from ${caseHost(name)}`, seconds, async () => {
            last = await call(cluster, from, caseHost(name));
            return last.status === status;
        }).catch(() =>
            assert.fail(`${caseHost(name)} answers ${last?.status}: ${last?.failure} ${last?.body} ${last?.error}`),
        );
        return last!;
    }

    /** Whether the gateway has logged the call; asked only about calls that have been answered. */
    async function passedGateway({ mark }: Answer): Promise<boolean> {
        // Whatever came before has been written once a later call has.
        const later = await answers(caller, "http", 200);
        await logLine(cluster, gateway, later.mark);
        return (await cluster.logs(gateway)).includes(mark);
    }

    const withOwnTls = (from: PodRef, url: string) => request(cluster, from, url, { client, options: ["--insecure"] });

    describe("mutual TLS from the gateway", () => {
        it("shows the certificate of a tls secret, and nobody's mesh identity", async () => {
            const { body, mark } = await answers(caller, "mutual", 200);
            assert.match(body, /^mutual dn=CN=modes client xfcc= host=mutual/);
            assert.match(await logLine(cluster, gateway, mark), /outbound\|80\|\|mutual\.modes\.example/);
        });

        it("shows the certificate of a generic secret", async () => {
            assert.match((await answers(caller, "generic", 200)).body, /^mutual dn=CN=modes client/);
        });

        it("shows the certificate of files that the gateway mounts, once kubelet has brought them", async () => {
            assert.match((await answers(caller, "files", 200, 180)).body, /^mutual dn=CN=modes client/);
        });

        it("has the credentials active in the gateway", async () => {
            await answers(caller, "mutual", 200);
            const active = await activeSecrets(cluster, gateway);
            assert.ok(active.includes("kubernetes://client"), active.join());
            assert.ok(active.includes("kubernetes://client-cacert"), active.join());
        });

        it("does not talk to a server whose certificate has another name", async () => {
            assert.match((await answers(caller, "unnamed", 503)).failure, /SAN_matcher/);
        });

        it("is refused to another service account of the namespace", async () => {
            assert.match((await answers(other, "mutual", 403)).body, /no route from this service account/);
        });

        it("meets a server that wants a certificate without one, and gets 400", async () => {
            assert.match(
                (await answers(caller, "without-certificate", 400)).body,
                /No required SSL certificate was sent/,
            );
        });
    });

    describe("Istio's own cases of credentials", () => {
        const expected: Record<keyof typeof SECRET_CASES, [status: number, text: RegExp]> = {
            absent: [503, /Secret is not supplied by SDS/],
            "wrong-ca": [503, /unable to get local issuer certificate/],
            "ca-alone": [503, /Secret is not supplied by SDS/],
            "foreign-client": [400, /The SSL certificate error/],
            "revoked-server": [503, /certificate revoked/],
            "unrelated-revocation": [200, /^mutual dn=CN=modes client/],
            "fake-root": [503, /unable to get local issuer certificate/],
            "simple-absent": [503, /Secret is not supplied by SDS/],
        };
        for (const [name, [status, text]] of Object.entries(expected)) {
            it(`${name}: ${status}`, async () => {
                // For as long as Envoy waits for a first secret, 15 s, the host is 503 without a reason.
                await waitFor(`${status}, ${text} from ${name}`, 30, async () => {
                    const answer = await call(cluster, caller, caseHost(name));
                    return answer.status === status && text.test(status === 503 ? answer.failure : answer.body);
                });
            });
        }

        it("a wrong CA is 503, and 200 again within 15 s of the right one", async () => {
            await answers(caller, "wrong-ca", 503);
            await applySecret("wrong-ca", { ...secrets["wrong-ca"], "ca.crt": ca.certificate });
            await answers(caller, "wrong-ca", 200);
        });

        it("a gateway whose TLS is off sends plaintext, and the server answers 400", async () => {
            assert.match((await answers(caller, "tls-off", 400)).body, /plain HTTP request was sent to HTTPS port/);
        });
    });

    describe("simple TLS from the gateway", () => {
        it("verifies each host by its own CA", async () => {
            assert.match((await answers(caller, "simple", 200)).body, /^simple dn= xfcc= /);
            await answers(caller, "other-ca", 200);
            assert.match((await answers(caller, "crossed-ca", 503)).failure, /unable to get local issuer certificate/);
        });

        it("takes the image's CAs where there is no credential, and they do not know a private one", async () => {
            assert.match((await answers(caller, "system-ca", 503)).failure, /unable to get local issuer certificate/);
        });

        it("spares the caller the redirect that plain HTTP gets", async () => {
            const plain = await request(cluster, caller, `http://${caseHost("direct")}:${PARTNER.redirect}`);
            assert.equal(plain.status, 301);
            await answers(caller, "public", 200);
        });

        it("goes over a plaintext leg by choice, and then from anyone of the namespace", async () => {
            const { body, mark } = await answers(caller, "simple-plaintext-leg", 200);
            assert.match(body, /^simple dn= xfcc= /);
            assert.match(await logLine(cluster, gateway, mark), /outbound\|80\|\|simple-plaintext-leg\.modes\.example/);
            await answers(other, "simple-plaintext-leg", 200);
        });
    });

    describe("a partner whose certificate has line breaks in a name", () => {
        const CALLS = 400;
        let statuses: Map<string, Set<number>>;
        let connections: { before: string[]; after: string[] };

        before(async () => {
            const { curlImage } = environment.local.settings;
            // One worker, so that all calls go to the gateway over one HTTP/2 connection.
            const annotations = { "proxy.istio.io/config": "concurrency: 1" };
            const one = await startCaller(cluster, APPS, "one", curlImage, { serviceAccount: CALLER, annotations });
            await waitFor(
                "the hostile host",
                15,
                async () => (await call(cluster, one, caseHost("hostile"))).status > 500,
            );
            await answers(one, "simple", 200);
            const opened = async () =>
                (await proxyPage(cluster, one, "clusters"))
                    .split("\n")
                    .filter(
                        (line) => line.startsWith(`outbound|443||modes.${GATEWAY}.`) && line.includes("::cx_total::"),
                    );
            const before = await opened();
            const hosts = Array.from({ length: CALLS }, () => ["simple", "hostile"].map(caseHost)).flat();
            statuses = await callsTogether(cluster, one, hosts);
            connections = { before, after: await opened() };
        });

        it("is 503, and breaks no call to another partner over the same connection", () => {
            assert.deepEqual(
                statuses,
                new Map([
                    [caseHost("simple"), new Set([200])],
                    [caseHost("hostile"), new Set([503])],
                ]),
            );
            assert.equal(connections.before.length, 1);
            assert.deepEqual(connections.after, connections.before, "the connection stays open");
        });

        it("adds no line to the gateway's log, where each call has one line of JSON", async () => {
            const host = caseHost("hostile");
            const lines = await waitFor("the lines of all calls", 30, async () => {
                const found = (await cluster.logs(gateway)).split("\n").filter((line) => /forged|hostile/.test(line));
                return found.length >= CALLS && found;
            });
            const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
            assert.deepEqual(new Set(told.map(({ authority }) => authority)), new Set([host]));
            assert.ok(
                told.some((line) => String(line.upstream_transport_failure_reason).includes("forged")),
                "the log says which names the certificate has",
            );
        });
    });

    describe("plain HTTP from the gateway", () => {
        it("keeps the mesh's mutual TLS to the gateway, by which the gateway knows who calls", async () => {
            const { body, mark } = await answers(caller, "http", 200);
            assert.match(body, /^http dn= xfcc= /);
            assert.match(await logLine(cluster, gateway, mark), /outbound\|80\|\|http\.modes\.example/);
            await answers(other, "http", 403);
        });

        it("goes over a plaintext leg by choice", async () => {
            const { mark } = await answers(other, "http-plaintext-leg", 200);
            assert.match(await logLine(cluster, gateway, mark), /outbound\|80\|\|http-plaintext-leg\.modes\.example/);
        });

        it("reaches a host that only the gateway holds, by ordinary DNS", async () => {
            const { status, body, error } = await request(cluster, caller, `http://${RESOLVABLE}`);
            assert.equal(status, 200, body + error);
            assert.doesNotMatch(await proxyPage(cluster, caller, "clusters"), new RegExp(`\\|${RESOLVABLE}::`));
        });
    });

    describe("passthrough", () => {
        const url = `https://${caseHost("passthrough")}`;

        it("brings the application's own TLS to the server, with its certificate, through the gateway", async () => {
            const { status, body, error } = await withOwnTls(caller, url);
            assert.equal(status, 200, error);
            assert.match(body, /^mutual dn=CN=modes client/);
            const logged = '"upstream_cluster":"outbound|443||passthrough.modes.example';
            await waitFor("the gateway's line", 15, async () => (await cluster.logs(gateway)).includes(logged));
        });

        it("tells the hosts of a route apart", async () => {
            const { status, body } = await withOwnTls(caller, `https://${caseHost("passthrough-simple")}`);
            assert.equal(status, 200);
            assert.match(body, /host=passthrough-simple/);
        });

        it("knows the caller there too: another service account is cut off", async () => {
            const { status, error } = await withOwnTls(other, url);
            assert.equal(status, 0);
            assert.match(error, /curl: \((35|56)\)/);
        });
    });

    describe("TLS from the sidecar", () => {
        it("is mutual with a secret, straight to the server, for selected workloads", async () => {
            const answer = await answers(caller, "sidecar", 200);
            assert.match(answer.body, /^mutual dn=CN=modes client/);
            assert.equal(await passedGateway(answer), false);
        });

        it("answers workloads that are not selected itself, with the reason", async () => {
            assert.match(
                (await answers(other, "sidecar", 403)).body,
                /Only workloads with the labels tls=sidecar may call/,
            );
        });

        it("is mutual with files from the pod's own volumes", async () => {
            const answer = await answers(mounted, "sidecar-files", 200);
            assert.match(answer.body, /^mutual dn=CN=modes client/);
            assert.equal(await passedGateway(answer), false);
            await answers(caller, "sidecar-files", 403);
        });

        it("is simple with a CA that takes no right to read secrets, for every workload", async () => {
            assert.match((await answers(other, "sidecar-simple", 200)).body, /^simple dn= /);
        });
    });

    describe("directly", () => {
        it("HTTP reaches the server past the gateway; a host that no route declares is blocked", async () => {
            const answer = await request(cluster, other, `http://${caseHost("direct")}:${PARTNER.http}`);
            assert.equal(answer.status, 200, answer.error);
            assert.equal(await passedGateway(answer), false);
            assert.equal((await request(cluster, other, `http://198.51.100.1`)).status, 502);
        });

        it("the application's own TLS reaches the server", async () => {
            const { status, body } = await withOwnTls(other, `https://${caseHost("direct")}:${PARTNER.simple}`);
            assert.equal(status, 200);
            assert.match(body, /^simple dn= /);
        });

        it("TCP hosts share a port and are not mixed up, because each has an address of its own in the mesh", async () => {
            const tcp = async (name: string) =>
                (await request(cluster, other, `http://${caseHost(name)}:${PARTNER.http}`)).status;
            assert.equal(await tcp("tcp-one"), 200);
            assert.equal(await tcp("tcp-two"), 200);
            assert.equal(await tcp("tcp-other"), 301);
        });

        it("an ExternalName service works without opening the mesh, unlike one by itself", async () => {
            const alone = { apiVersion: "v1", kind: "Service", metadata: { name: "alone", namespace: APPS } };
            const ports = [{ name: "http", port: PARTNER.http }];
            await cluster.apply({
                ...alone,
                spec: { type: "ExternalName", externalName: `detour.${PARTNERS}.dns.example`, ports },
            });
            const status = async (name: string) =>
                (await request(cluster, caller, `http://${name}:${PARTNER.http}`)).status;
            assert.equal(await status("partner"), 200);
            assert.equal(await status("alone"), 502);
            const open = {
                apiVersion: "networking.istio.io/v1",
                kind: "Sidecar",
                metadata: { name: "default", namespace: APPS },
            };
            const spec = { egress: [{ hosts: ["*/*"] }], outboundTrafficPolicy: { mode: "ALLOW_ANY" } };
            await cluster.apply({ ...open, spec });
            try {
                // The detour redirects.
                await waitFor("301 under ALLOW_ANY", 15, async () => (await status("alone")) === 301);
            } finally {
                await cluster.remove(open);
            }
        });
    });

    describe("the guides' recipes beside ours", () => {
        const made: AnyObject[] = [];
        const raw = async (kind: string, namespace: string, name: string, spec: object) => {
            const object = { apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace }, spec };
            made.push(object);
            await cluster.apply(object);
        };
        const entry = (name: string, namespace: string, port: object) =>
            raw("ServiceEntry", namespace, name, {
                hosts: [caseHost(name)],
                ports: [port],
                resolution: "DNS",
                endpoints: [{ address: `partner.${PARTNERS}.svc.cluster.local` }],
            });
        const http = (targetPort: number) => ({ number: 80, name: "http", protocol: "HTTP", targetPort });

        /** A host through the gateway, with the guides' rule for it. */
        async function throughGateway(name: string, tls: object) {
            await raw("DestinationRule", GATEWAY, name, {
                host: caseHost(name),
                trafficPolicy: { tls },
                exportTo: ["."],
            });
            const to = (host: string, port: number) => [{ destination: { host, port: { number: port } } }];
            await raw("VirtualService", GATEWAY, name, {
                hosts: [caseHost(name)],
                gateways: ["mesh", "modes"],
                http: [
                    { match: [{ gateways: ["mesh"], port: 80 }], route: to(`modes.${GATEWAY}.svc.cluster.local`, 443) },
                    { match: [{ gateways: ["modes"], port: 443 }], route: to(caseHost(name), 80) },
                ],
            });
            await entry(name, GATEWAY, http(PARTNER.mutual));
        }

        after(async () => {
            for (const object of made) {
                await cluster.remove(object);
            }
        });

        it("001 to 004 name no subjectAltNames: any server of the CA gets the call, and the mesh's identities", async () => {
            const name = "guide-without-names";
            await throughGateway(name, { mode: "MUTUAL", credentialName: "client", sni: caseHost(name) });
            // The server's certificate does not have this host.
            const { body } = await answers(caller, name, 200);
            assert.match(body, new RegExp(`xfcc=By=spiffe://.*URI=spiffe://cluster.local/ns/${APPS}/sa/${CALLER}`));
            await answers(caller, "unnamed", 503);
        });

        it("000's documented configuration has its files nowhere: 503", async () => {
            await throughGateway("guide-files", {
                mode: "MUTUAL",
                clientCertificate: "/etc/istio/nginx-client-certs/tls.crt",
                privateKey: "/etc/istio/nginx-client-certs/tls.key",
                caCertificates: "/etc/istio/nginx-ca-certs/ca-chain.cert.pem",
                sni: caseHost("guide-files"),
            });
            await answers(caller, "guide-files", 503);
            await answers(caller, "files", 200, 180);
        });

        it("a sidecar ignores a credential without a selector, and sends plaintext", async () => {
            const name = "guide-sidecar";
            const tls = { mode: "MUTUAL", credentialName: "sidecar-client", sni: caseHost(name) };
            await raw("DestinationRule", APPS, name, { host: caseHost(name), trafficPolicy: { tls } });
            await entry(name, APPS, http(PARTNER.mutual));
            assert.match((await answers(caller, name, 400)).body, /plain HTTP request was sent to HTTPS port/);
        });

        it("origination of a host that the application speaks TLS to is TLS in TLS: curl error 35", async () => {
            const name = "guide-double";
            const host = caseHost(name);
            await raw("DestinationRule", APPS, name, {
                host,
                trafficPolicy: { tls: { mode: "SIMPLE", insecureSkipVerify: true } },
            });
            await entry(name, APPS, { number: 443, name: "tls", protocol: "TLS", targetPort: PARTNER.simple });
            await waitFor("error 35", 15, async () =>
                (await withOwnTls(caller, `https://${host}`)).error.includes("curl: (35)"),
            );
        });
    });

    it("no proxy has rejected configuration", async () => {
        for (const pod of [gateway, caller, other, mounted]) {
            assert.deepEqual(await rejectedUpdates(cluster, pod), []);
        }
    });

    it("istioctl analyze has nothing to say that is not known to be wrong", async function () {
        const istioctl = binary("istioctl") ?? findOnPath("istioctl");
        if (istioctl === undefined) {
            return this.skip();
        }
        const { kubeconfig, context } = environment.local;
        const flags = ["--kubeconfig", kubeconfig, ...(context ? ["--context", context] : [])];
        for (const namespace of [GATEWAY, APPS]) {
            const { stdout, stderr } = await attempt(istioctl, [
                "analyze",
                "-n",
                namespace,
                "--output",
                "json",
                ...flags,
            ]);
            const messages = (JSON.parse(stdout || "null") ?? []) as { code: string; message: string }[];
            const unexpected = messages.filter(({ code }) => !(code in KNOWN_MESSAGES));
            assert.deepEqual(unexpected, [], stderr);
        }
    });
});

/** What istioctl says of objects that are right, by the message's code, and why they are. */
const KNOWN_MESSAGES: Record<string, string> = {
    IST0102: "the gateway's namespace needs no label for injection, because the gateway's pods have one",
    IST0128: "TLS without caCertificates: the credential has the CA, or Istio takes those of the proxy's image",
    IST0129: "the same for a port",
    IST0174: "the gateway's rules for every host match no service by that name, and are not meant to",
};

/** Names of the secrets that a proxy has. */
async function activeSecrets(cluster: Cluster, pod: PodRef): Promise<string[]> {
    const { configs } = JSON.parse(await proxyPage(cluster, pod, "config_dump?resource=dynamic_active_secrets")) as {
        configs: { name: string }[];
    };
    return configs.map(({ name }) => name);
}
