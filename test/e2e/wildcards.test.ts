import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { Answer, request } from "../../lab/proof/http";
import { proxyPage, rejectedUpdates } from "../../lab/proof/proxy";
import { gatewayPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { DNS_LOOKUP_FAMILY, dnsCacheName } from "../../plan/egress/route/wildcard/dnsCache";
import { issue, keyPem } from "../support/certificates";
import { resolveBy, startDns } from "../support/dnsServer";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { PARTNER, startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import { dnsFamilies } from "../support/xdsClient";
import {
    APPS,
    CALLER,
    DOMAINS,
    Domain,
    GATEWAY,
    OTHER,
    REBIND_HTTP,
    REBIND_TLS,
    hostOf,
    wildcardOf,
    wildcardsProgram,
} from "./wildcards.program";

const ISTIO = "istio-system";
const HOUR = 3_600_000;
const PARTNERS = "wildcard-partner";
const STRANGER = "wildcard-stranger";
/** `inside` is called only while a lockdown's policy is in force, and after it. */
const NAMES = ["one", "two", "inside", "exact", "unnamed"];
const AT_GATEWAY: Domain[] = ["wild-mutual", "wild-late", "wild-simple", "wild-http"];

describe("wildcard hosts on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let gateway: PodRef;
    let caller: PodRef;
    let other: PodRef;

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const valid = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) };
        const ca = await issue({ subject: "CN=wildcards CA", ca: true, ...valid });
        const named = DOMAINS.flatMap((domain) =>
            NAMES.filter((name) => name !== "unnamed").map((name) => hostOf(name, domain)),
        );
        const server = await issue({ subject: "CN=partner", issuer: ca, hosts: named, usage: "server", ...valid });
        const image = environment.local.settings.nginxImage ?? "nginx:1.29";
        const partner = await startPartner(
            cluster,
            PARTNERS,
            image,
            [{ hosts: named, certificate: server }],
            ca.certificate,
        );
        const { stdout } = await cluster.exec(partner, ["hostname", "-i"]);
        for (const domain of DOMAINS) {
            await startNames(cluster, domain, stdout.trim());
        }
        await cluster.apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: APPS, labels: { "istio-injection": "enabled" } },
        });
        const pair = async (subject: string) => {
            const client = await issue({ subject, issuer: ca, ...valid });
            return { certificate: client.certificate, privateKey: keyPem(client.key), serverCa: ca.certificate };
        };
        const { engine, plugins, local } = environment;
        const program = wildcardsProgram(local, await pair("CN=wildcard client"), await pair("CN=exact client"));
        stack = await openProofStack(engine, plugins, local, "wildcards", program);
        await stack.up({ refresh: true, ...listening });
        [gateway, caller, other] = await Promise.all([
            cluster.readyPod(GATEWAY, "istio=wildcards", "istio-proxy"),
            startCaller(cluster, APPS, CALLER, local.settings.curlImage, { serviceAccount: CALLER }),
            startCaller(cluster, APPS, OTHER, local.settings.curlImage, { serviceAccount: OTHER }),
        ]);
    });

    after(async () => {
        if (stack === undefined) {
            return;
        }
        await stack.destroy(listening);
        for (const name of [APPS, PARTNERS, STRANGER, ...DOMAINS]) {
            await cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** The answer once it has the status: configuration takes a moment to arrive everywhere. */
    async function answers(from: PodRef, host: string, status: number, options: string[] = []): Promise<Answer> {
        let last: Answer | undefined;
        await waitFor(`${status} from ${host}`, 20, async () => {
            last = await request(cluster, from, `http://${host}`, { options });
            return last.status === status;
        }).catch(() => assert.fail(`${host} answers ${last?.status}: ${last?.failure} ${last?.body} ${last?.error}`));
        return last!;
    }

    it("the gateway takes the configuration, and names each DNS cache and its family as istiod does", async () => {
        await answers(caller, hostOf("one", "wild-mutual"), 200);
        assert.deepEqual(await rejectedUpdates(cluster, gateway), []);
        const dump = await proxyPage(cluster, gateway, "config_dump?resource=dynamic_active_clusters");
        const { configs = [] } = JSON.parse(dump) as { configs?: { cluster: DynamicCluster }[] };
        const generated = configs.map(({ cluster: { cluster_type } }) => cluster_type?.typed_config.dns_cache_config);
        assert.deepEqual(
            generated.filter((cache) => cache !== undefined).map((cache) => [cache.name, cache.dns_lookup_family]),
            [...AT_GATEWAY.map(wildcardOf), `*.${REBIND_TLS}`, `*.${REBIND_HTTP}`]
                .sort()
                // V4_ONLY is not the default of Envoy's, so it is written out.
                .map((host) => [dnsCacheName(host), DNS_LOOKUP_FAMILY.ipv4]),
        );
    });

    describe("a gateway whose pod has other addresses gets from istiod the family that its filter has", () => {
        const asDual = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "istiod-dual-stack", namespace: ISTIO, labels: { app: "istiod-dual-stack" } },
        };

        before(async () => {
            const [istiod] = await cluster.pods(ISTIO, "app=istiod");
            const [discovery, ...others] = istiod.spec!.containers;
            const env = [...(discovery.env ?? []), { name: "ISTIO_DUAL_STACK", value: "true" }];
            const { serviceAccountName, volumes } = istiod.spec!;
            const containers = [{ ...discovery, env }, ...others];
            await cluster.apply({ ...asDual, spec: { serviceAccountName, volumes, containers } });
            await cluster.readyPod(ISTIO, "app=istiod-dual-stack", "discovery");
        });

        after(() => cluster.remove(asDual, 0));

        for (const [families, app, addresses] of [
            ["ipv4", "istiod", ["192.0.2.6"]],
            ["ipv6", "istiod", ["2001:db8::6"]],
            ["dualStack", "istiod-dual-stack", ["192.0.2.6", "2001:db8::6"]],
        ] as const) {
            it(families, async () => {
                const [{ status }] = await cluster.pods(ISTIO, `app=${app}`);
                const labels = { app: "wildcards", istio: "wildcards" };
                const pretended = { namespace: GATEWAY, labels, addresses: [...addresses] };
                assert.deepEqual(
                    await dnsFamilies(`${status?.podIP}:15010`, pretended),
                    Object.fromEntries(
                        [...AT_GATEWAY.map(wildcardOf), `*.${REBIND_TLS}`, `*.${REBIND_HTTP}`].map((host) => [
                            dnsCacheName(host),
                            DNS_LOOKUP_FAMILY[families],
                        ]),
                    ),
                );
            });
        }
    });

    it("mutual TLS: every host gets the route's certificate, and must prove its own name", async () => {
        for (const name of ["one", "two"]) {
            const { body } = await answers(caller, hostOf(name, "wild-mutual"), 200);
            assert.match(body, new RegExp(`^mutual dn=CN=wildcard client xfcc= host=${name}`));
        }
        assert.match(
            (await answers(caller, hostOf("unnamed", "wild-mutual"), 503)).failure,
            /verify_SAN_list|SAN_matcher/,
        );
    });

    it("a name that DNS does not know is 503, with the reason", async () => {
        const { body } = await answers(caller, hostOf("nobody", "wild-mutual"), 503);
        assert.match(body, /DNS resolution failure|no healthy upstream/i);
    });

    for (const domain of ["wild-mutual", "wild-late"] as const) {
        it(`an exact host wins over the wildcard, made ${domain === "wild-late" ? "before" : "after"} it`, async () => {
            const { body } = await answers(other, hostOf("exact", domain), 200);
            assert.match(body, /^mutual dn=CN=exact client/);
            // Whoever may call the wildcard never shows the certificate of the exact host's route.
            await answers(caller, hostOf("exact", domain), 403);
            await answers(caller, hostOf("one", domain), 200);
            await answers(other, hostOf("one", domain), 403);
        });
    }

    for (const [domain, kind] of [
        ["wild-simple", "simple"],
        ["wild-http", "http"],
    ] as const) {
        it(`${kind} through the gateway`, async () => {
            assert.match((await answers(caller, hostOf("one", domain), 200)).body, new RegExp(`^${kind} dn= xfcc= `));
            await answers(other, hostOf("one", domain), 403);
        });
    }

    it("a DNS cache holds the hosts of its own wildcard only", async () => {
        await answers(caller, hostOf("one", "wild-simple"), 200);
        await answers(caller, hostOf("one", "wild-http"), 200);
        const page = await proxyPage(cluster, gateway, "clusters");
        for (const domain of AT_GATEWAY) {
            const ofCluster = page
                .split("\n")
                .filter((line) => line.startsWith(`outbound|80||${wildcardOf(domain)}::`));
            const held = ofCluster.flatMap((line) => line.split("::hostname::")[1] ?? []);
            assert.ok(held.length > 0, domain);
            assert.deepEqual(
                held.filter((name) => !name.split(":")[0].endsWith(wildcardOf(domain).slice(1))),
                [],
            );
        }
    });

    it("plain HTTP straight from the sidecar", async () => {
        assert.match((await answers(other, hostOf("two", "wild-direct"), 200)).body, /^http /);
    });

    it("simple TLS from the sidecar", async () => {
        assert.match((await answers(other, hostOf("two", "wild-sidecar"), 200)).body, /^simple /);
        assert.notEqual((await request(cluster, other, `http://${hostOf("unnamed", "wild-sidecar")}`)).status, 200);
    });

    it("a private address behind a name is dialled, but for a lockdown's policy of the gateway", async () => {
        const policy = lockdownPolicy([80, PARTNER.http]);
        await answers(caller, hostOf("one", "wild-http"), 200);
        await cluster.apply({ ...policy });
        try {
            await answers(caller, hostOf("inside", "wild-http"), 503, ["--max-time", "60"]);
        } finally {
            await cluster.remove({ ...policy });
        }
        await answers(caller, hostOf("inside", "wild-http"), 200);
    });

    describe("a stranger's DNS", () => {
        const ANSWERS: Record<string, string> = {
            loopback: "127.0.0.1",
            unspecified: "0.0.0.0",
            metadata: "169.254.169.254",
            azure: "168.63.129.16",
        };
        let asked: PodRef;

        before(async () => {
            const { spec: api } = await cluster.core.readNamespacedService({
                name: "kubernetes",
                namespace: "default",
            });
            const { spec: own } = await cluster.core.readNamespacedService({ name: "wildcards", namespace: GATEWAY });
            ANSWERS["apiserver"] = api?.clusterIP ?? "";
            ANSWERS["gateway"] = own?.clusterIP ?? "";
            const { spec: partner } = await cluster.core.readNamespacedService({ name: "one", namespace: "wild-http" });
            ANSWERS["partner"] = partner?.clusterIP ?? "";
            const zone = (domain: string) => [
                "hosts {",
                ...Object.entries(ANSWERS).map(([name, address]) => `${address} ${name}.${domain}`),
                "fallthrough",
                "}",
                'template IN AAAA . {\nmatch "^mapped[.]"\nanswer "{{ .Name }} 5 IN AAAA ::ffff:a9fe:a9fe"\nfallthrough\n}',
            ];
            const address = await startDns(cluster, STRANGER, {
                [REBIND_TLS]: zone(REBIND_TLS),
                [REBIND_HTTP]: zone(REBIND_HTTP),
            });
            const deployment = { namespace: GATEWAY, name: "wildcards", container: "istio-proxy" };
            asked = await resolveBy(cluster, deployment, "istio=wildcards", address);
            await answers(caller, hostOf("one", "wild-mutual"), 200);
        });

        /** The application's own DNS is not the gateway's: it may call any address. */
        const resolved = (host: string) => ["--resolve", `${host}:80:192.0.2.1`, "--max-time", "60"];

        for (const name of [...Object.keys(ANSWERS), "apiserver", "gateway", "mapped"]) {
            it(`gets nothing from ${name} without a lockdown either, but a connection`, async () => {
                const hosts = [REBIND_TLS, REBIND_HTTP].map((domain) => `${name}.${domain}`);
                const called = await Promise.all(
                    hosts.map((host) => request(cluster, caller, `http://${host}`, { options: resolved(host) })),
                );
                assert.deepEqual(
                    called.map(({ status }) => status),
                    [503, 503],
                );
            });
        }

        it("is believed: it decides whom the gateway calls", async () => {
            const host = `partner.${REBIND_HTTP}`;
            assert.match((await answers(caller, host, 200, resolved(host))).body, new RegExp(`^http .* host=${host} `));
        });

        it("does not reach the API server where a lockdown's policy of the gateway is in force", async () => {
            const host = `apiserver.${REBIND_TLS}`;
            const without = await request(cluster, caller, `http://${host}`, { options: resolved(host) });
            assert.match(without.failure, /CERTIFICATE_VERIFY_FAILED/);
            const policy = lockdownPolicy([443, 53]);
            await cluster.apply({ ...policy });
            try {
                await waitFor("no connection", 60, async () => {
                    const { status, failure } = await request(cluster, caller, `http://${host}`, {
                        options: resolved(host),
                    });
                    return status === 503 && !/CERTIFICATE/.test(failure);
                });
            } finally {
                await cluster.remove({ ...policy });
            }
        });

        it("is asked for IPv4 addresses alone, so that none of IPv6 stands for one of IPv4", async () => {
            const page = await proxyPage(cluster, asked, "clusters");
            assert.doesNotMatch(page, /ffff:/i);
        });
    });

    function lockdownPolicy(ports: number[]) {
        const reference = { name: "wildcards", namespace: GATEWAY };
        const meshNamespace = environment.local.settings.mesh.namespace ?? "istio-system";
        return gatewayPolicy({ gateway: reference, meshNamespace }, [], [APPS], [{ internet: true, ports }]);
    }

    describe("a Host header", () => {
        const one = hostOf("one", "wild-mutual");
        const refused: [what: string, host: string][] = [
            ["with a port of its own", `${one}:8443`],
            ["with the port of TLS", `${one}:443`],
            ["with a trailing dot", `${one}.`],
            ["that is the domain itself", "wild-mutual.dns.example"],
            ["with an empty label", ".wild-mutual.dns.example"],
            ["with an address before the domain", "169.254.169.254:80.wild-mutual.dns.example"],
            ["of another domain", "one.wild-http.example"],
        ];
        for (const [what, host] of refused) {
            it(`${what} gets no further`, async () => {
                await answers(caller, one, 200);
                const { status, body } = await request(cluster, caller, `http://${one}`, {
                    options: ["-H", `Host: ${host}`],
                });
                assert.ok([400, 403, 404, 502].includes(status), `${status} ${body}`);
                assert.doesNotMatch(body, /dn=/);
            });
        }

        const EXACT = hostOf("exact", "wild-mutual");
        const tried: [what: string, options: string[]][] = [
            ["with the exact host's name, which another may call", ["-H", `Host: ${EXACT}`]],
            ["with port 0", ["-H", `Host: ${one}:0`]],
            ["with the port of plain HTTP", ["-H", `Host: ${one}:80`]],
            ["with two names in one", ["-H", `Host: ${one},${EXACT}`]],
            ["with a user before it", ["-H", `Host: user@${one}`]],
            ["as the user of another host", ["-H", `Host: ${one}@${EXACT}`]],
            ["with a path in it", ["-H", `Host: ${EXACT}/.${one}`]],
            ["with a fragment in it", ["-H", `Host: ${EXACT}#.${one}`]],
            ["with escaped text", ["-H", `Host: ${EXACT}%00.${one}`]],
            ["with a tab in it", ["-H", `Host: ${EXACT}\t.${one}`]],
            ["that is the wildcard itself", ["-H", "Host: *.wild-mutual.dns.example"]],
            ["with letters beyond ASCII", ["-H", "Host: b\u00fccher.wild-mutual.dns.example"]],
            ["with letters that only look like the domain's", ["-H", "Host: one.w\u0456ld-mutual.dns.example"]],
            ["with the mapped address of the metadata service", ["-H", "Host: [::ffff:169.254.169.254]"]],
            ["that is an address", ["-H", "Host: 169.254.169.254"]],
            ["with a label of 64 characters", ["-H", `Host: ${"a".repeat(64)}.${one}`]],
            ["with 255 characters", ["-H", `Host: ${"a.".repeat(113)}${one}`]],
            ["with underscores that no DNS knows", ["-H", `Host: a_b.wild-mutual.dns.example`]],
            ["in Punycode that no DNS knows", ["-H", "Host: xn--bcher-kva.wild-mutual.dns.example"]],
            ["over HTTP/2 with the exact host's name", ["--http2-prior-knowledge", "-H", `Host: ${EXACT}`]],
            ["over HTTP/2 with a port", ["--http2-prior-knowledge", "-H", `Host: ${one}:8443`]],
            ["in the request line, of the exact host", ["--request-target", `http://${EXACT}/`]],
            ["in the request line, of the metadata service", ["--request-target", "http://169.254.169.254/latest"]],
        ];
        for (const [what, options] of tried) {
            it(`${what} gets no further either`, async () => {
                const { status, body } = await request(cluster, caller, `http://${one}`, { options });
                assert.ok([0, 400, 403, 404, 502, 503].includes(status), `${status} ${body}`);
                assert.doesNotMatch(body, /dn=/);
            });
        }

        it("is the one that counts: no other header leads a call elsewhere", async () => {
            const headers = [
                ...[`X-Forwarded-Host: ${EXACT}`, `X-Original-Host: ${EXACT}`, `Forwarded: host=${EXACT}`],
                ...["X-Envoy-Original-Dst-Host: 169.254.169.254:80", `X-Envoy-Original-Host: ${EXACT}`],
                ...[`X-Envoy-Decorator-Operation: ${EXACT}`, "X-Forwarded-Proto: https", "X-Forwarded-Port: 8443"],
                'X-Forwarded-Client-Cert: By=x;Hash=0;Subject="";URI=spiffe://cluster.local/ns/wildcard-apps/sa/other',
            ];
            const options = headers.flatMap((header) => ["-H", header]);
            assert.match(
                (await answers(caller, one, 200, options)).body,
                new RegExp(`^mutual dn=CN=wildcard client xfcc= host=${one} `),
            );
            await answers(other, one, 403, options);
        });

        /** What comes back for bytes that no HTTP client would send. */
        async function raw(bytes: string): Promise<string> {
            const command = ["curl", "-sS", "--max-time", "4", `telnet://${one}:80`];
            return (await cluster.exec(caller, command, bytes)).stdout;
        }

        const written: [what: string, lines: string[]][] = [
            ["two of them", ["GET / HTTP/1.1", `Host: ${one}`, `Host: ${EXACT}`]],
            ["two of them in the other order", ["GET / HTTP/1.1", `Host: ${EXACT}`, `Host: ${one}`]],
            ["one that differs from the request line's", [`GET http://${EXACT}/ HTTP/1.1`, `Host: ${one}`]],
            [
                "one that the request line's metadata service overrules",
                ["GET http://169.254.169.254/ HTTP/1.1", `Host: ${one}`],
            ],
            ["one that goes on in a second line", ["GET / HTTP/1.1", `Host: ${EXACT}`, `\t.${one}`]],
            ["none", ["GET / HTTP/1.0"]],
            ["one for a tunnel", [`CONNECT ${one}:443 HTTP/1.1`, `Host: ${one}`]],
            [
                "a second request behind a body of two lengths",
                [
                    ...[
                        "POST / HTTP/1.1",
                        `Host: ${one}`,
                        "Content-Length: 4",
                        "Transfer-Encoding: chunked",
                        "",
                        "0",
                        "",
                    ],
                    ...["GET / HTTP/1.1", `Host: ${EXACT}`],
                ],
            ],
        ];
        for (const [what, lines] of written) {
            it(`by hand, ${what}: never the exact host's certificate or a stranger's answer`, async () => {
                await answers(caller, one, 200);
                const text = await raw([...lines, "Connection: close", "", ""].join("\r\n"));
                assert.doesNotMatch(text, /dn=CN=exact|HTTP\/1.1 200/);
            });
        }

        it("by hand in HTTP/2, next to another :authority, is not asked", async () => {
            const field = (name: string, value: string) =>
                [0, name.length, name, value.length, value]
                    .map((part) => (typeof part === "number" ? String.fromCharCode(part) : part))
                    .join("");
            const block = [
                ...[field(":method", "GET"), field(":scheme", "http"), field(":path", "/")],
                ...[field(":authority", one), field("host", EXACT)],
            ].join("");
            const frame = (type: number, flags: number, stream: number, payload: string) =>
                String.fromCharCode(0, payload.length >> 8, payload.length & 127, type, flags, 0, 0, 0, stream) +
                payload;
            assert.ok(block.length < 128);
            const text = await raw(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, "")}${frame(1, 5, 1, block)}`);
            assert.doesNotMatch(text, /dn=CN=exact/);
            assert.match(text, new RegExp(`dn=CN=wildcard client xfcc= host=${one} |RBAC|no route`));
        });

        it("in capital letters is the same host", async () => {
            await answers(caller, one, 200, ["-H", `Host: ${one.toUpperCase()}`]);
        });
    });

    // The last test: the names stay in the cache for minutes.
    it("more names than a DNS cache holds are refused with the reason, and those that it holds are answered", async () => {
        const held = hostOf("one", "wild-simple");
        await answers(caller, held, 200);
        const many = `http://${hostOf("many[1-1100]", "wild-simple")}/`;
        const { stdout } = await cluster.exec(caller, ["curl", "-s", "--parallel", "--parallel-max", "10", many]);
        assert.match(stdout, /DNS cache overflow/);
        await answers(caller, held, 200);
        assert.match((await answers(caller, hostOf("two", "wild-simple"), 503)).body, /DNS cache overflow/);
    });
});

interface DynamicCluster {
    cluster_type?: { typed_config: { dns_cache_config?: { name: string; dns_lookup_family?: string } } };
}

/** Services of a domain that lead to the partner on the ports of HTTP and TLS: its server that asks for no certificate, or the other. */
async function startNames(cluster: Cluster, domain: Domain, address: string): Promise<void> {
    const simple = domain === "wild-simple" || domain === "wild-sidecar";
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: domain, labels: { "istio-injection": "disabled" } },
    });
    for (const name of NAMES) {
        const metadata = { name, namespace: domain };
        await cluster.apply({
            apiVersion: "v1",
            kind: "Service",
            metadata,
            spec: {
                ports: [
                    { name: "http", port: 80 },
                    { name: "https", port: 443 },
                ],
            },
        });
        await cluster.apply({
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            metadata: { ...metadata, labels: { "kubernetes.io/service-name": name } },
            addressType: "IPv4",
            endpoints: [{ addresses: [address], conditions: { ready: true } }],
            ports: [
                { name: "http", port: PARTNER.http },
                { name: "https", port: simple ? PARTNER.simple : PARTNER.mutual },
            ],
        });
    }
}
