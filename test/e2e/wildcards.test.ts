import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { Answer, request } from "../../lab/proof/http";
import { proxyPage, rejectedUpdates } from "../../lab/proof/proxy";
import { gatewayPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { DNS_LOOKUP_FAMILY, dnsCacheName } from "../../plan/egress/route/wildcard/dnsCache";
import { issue, keyPem } from "../support/certificates";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { PARTNER, startPartner } from "../support/partner";
import { startCaller } from "../support/pods";
import {
    APPS,
    CALLER,
    DOMAINS,
    Domain,
    GATEWAY,
    OTHER,
    hostOf,
    wildcardOf,
    wildcardsProgram,
} from "./wildcards.program";

const HOUR = 3_600_000;
const PARTNERS = "wildcard-partner";
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
        for (const name of [APPS, PARTNERS, ...DOMAINS]) {
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
            AT_GATEWAY.map(wildcardOf)
                .sort()
                // V4_ONLY is not the default of Envoy's, so it is written out.
                .map((host) => [dnsCacheName(host), DNS_LOOKUP_FAMILY.ipv4]),
        );
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
        const gatewayReference = { name: "wildcards", namespace: GATEWAY };
        const policy = gatewayPolicy(
            { gateway: gatewayReference, meshNamespace: environment.local.settings.mesh.namespace ?? "istio-system" },
            [],
            [APPS],
            [{ internet: true, ports: [80, PARTNER.http] }],
        );
        await answers(caller, hostOf("one", "wild-http"), 200);
        await cluster.apply({ ...policy });
        try {
            await answers(caller, hostOf("inside", "wild-http"), 503, ["--max-time", "60"]);
        } finally {
            await cluster.remove({ ...policy });
        }
        await answers(caller, hostOf("inside", "wild-http"), 200);
    });

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

        it("in capital letters is the same host", async () => {
            await answers(caller, one, 200, ["-H", `Host: ${one.toUpperCase()}`]);
        });
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
