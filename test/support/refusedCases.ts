import { RawObject } from "../../review/rawObject";
import { HTTP, destinationRule, gateway, server, serviceEntry, virtualService } from "./objects";

/*
 * What istiod's webhook refuses, each next to the smallest change that it takes. test/engine/istioctlBeside.test.ts asks istioctl
 * about every one of them.
 */

const HOST = "api.partner.example";
const TLS_PORT = { number: 443, name: "tls", protocol: "TLS" };
const MUTUAL = { mode: "MUTUAL", credentialName: "partner" };

export interface RefusedCase {
    what: string;
    sound: RawObject;
    broken: RawObject;
    /** Where the broken object is wrong. */
    path: string;
}

type Spec = Record<string, unknown>;

function sidecar(spec: Spec): RawObject {
    return {
        apiVersion: "networking.istio.io/v1",
        kind: "Sidecar",
        metadata: { name: "default", namespace: "app" },
        spec,
    };
}

function policy(spec: Spec): RawObject {
    return {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        metadata: { name: "a", namespace: "app" },
        spec,
    };
}

const entry = (rest: Spec, host = HOST) => serviceEntry("app/a", [host], [TLS_PORT], rest);
const rule = (host: string, trafficPolicy?: Spec, rest: Spec = {}) =>
    destinationRule("app/a", host, undefined, { ...(trafficPolicy && { trafficPolicy }), ...rest });
const http = (route: Spec) => virtualService("app/a", [HOST], ["mesh"], { http: [{ route: [to(HOST)], ...route }] });
const from = (source: Spec) => policy({ rules: [{ from: [{ source }] }] });
const operation = (own: Spec) => policy({ rules: [{ to: [{ operation: own }] }] });
const tlsServer = (tls: Spec, protocol = "HTTPS", hosts = [HOST]) =>
    gateway("app/a", [{ port: { number: 443, name: "a", protocol }, hosts, tls }]);

function to(host: string, rest: Spec = {}): object {
    return { destination: { host, ...rest } };
}

const row = (what: string, sound: RawObject, broken: RawObject, path: string): RefusedCase => ({
    what,
    sound,
    broken,
    path,
});

export const REFUSED_CASES: RefusedCase[] = [
    row(
        "a rule for mutual TLS without a certificate",
        destinationRule("app/a", HOST, MUTUAL),
        destinationRule("app/a", HOST, { mode: "MUTUAL" }),
        "spec.trafficPolicy.tls",
    ),
    row("a rule whose host has a scheme", rule(HOST), rule(`https://${HOST}`), "spec.host"),
    row(
        "a rule whose host has a wildcard in its middle",
        rule("*blob.partner.example"),
        rule("api.*.example"),
        "spec.host",
    ),
    row(
        "a port of a rule that sets nothing",
        rule(HOST, { portLevelSettings: [{ port: { number: 443 }, tls: { mode: "SIMPLE" } }] }),
        rule(HOST, { portLevelSettings: [{ port: { number: 443 } }] }),
        "spec.trafficPolicy.portLevelSettings[0]",
    ),
    row(
        "a traffic policy that sets nothing",
        rule(HOST, { connectionPool: { tcp: { connectTimeout: "1.5s" } } }),
        rule(HOST, { portLevelSettings: [] }),
        "spec.trafficPolicy",
    ),
    row(
        "a connection pool that sets nothing",
        rule(HOST, { connectionPool: { http: { idleTimeout: "1h" } } }),
        rule(HOST, { connectionPool: {} }),
        "spec.trafficPolicy.connectionPool",
    ),
    row(
        "a duration that is shorter than a millisecond",
        rule(HOST, { connectionPool: { tcp: { connectTimeout: "1ms" } } }),
        rule(HOST, { connectionPool: { tcp: { connectTimeout: "100us" } } }),
        "spec.trafficPolicy.connectionPool.tcp.connectTimeout",
    ),
    row(
        "an outlier detection of local failures that counts both together",
        rule(HOST, {
            outlierDetection: { consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true },
        }),
        rule(HOST, { outlierDetection: { consecutiveLocalOriginFailures: 3 } }),
        "spec.trafficPolicy.outlierDetection.consecutiveLocalOriginFailures",
    ),
    row(
        "a label that no pod can have",
        rule(HOST, undefined, { subsets: [{ name: "a", labels: { version: "v1.2_3" } }] }),
        rule(HOST, undefined, { subsets: [{ name: "a", labels: { version: "v1/2" } }] }),
        'spec.subsets[0].labels["version"]',
    ),
    row(
        "a selector with a wildcard",
        destinationRule("app/a", HOST, MUTUAL, { workloadSelector: { matchLabels: { app: "a" } } }),
        destinationRule("app/a", HOST, MUTUAL, { workloadSelector: { matchLabels: { app: "a*" } } }),
        'spec.workloadSelector.matchLabels["app"]',
    ),
    row(
        "an HTTPS server without TLS",
        gateway("app/a", [server(443, "HTTPS", [HOST], "ISTIO_MUTUAL")]),
        gateway("app/a", [server(443, "HTTPS", [HOST])]),
        "spec.servers[0].tls",
    ),
    row(
        "a Gateway with a dot in its name",
        gateway("app/a-b", [server(80, "HTTP", ["*"])]),
        gateway("app/a.b", [server(80, "HTTP", ["*"])]),
        "metadata.name",
    ),
    row(
        "a server for a short name",
        gateway("app/a", [server(80, "HTTP", ["app/partner.example"])]),
        gateway("app/a", [server(80, "HTTP", ["partner"])]),
        "spec.servers[0].hosts[0]",
    ),
    row(
        "a server for a part of a label",
        gateway("app/a", [server(80, "HTTP", ["*.partner.example"])]),
        gateway("app/a", [server(80, "HTTP", ["*-eu.partner.example"])]),
        "spec.servers[0].hosts[0]",
    ),
    row(
        "a server with TLS on a port of HTTP",
        gateway("app/a", [{ ...server(80, "HTTP", [HOST]), tls: { httpsRedirect: true, credentialName: "a" } }]),
        gateway("app/a", [{ ...server(80, "HTTP", [HOST]), tls: { mode: "SIMPLE", credentialName: "a" } }]),
        "spec.servers[0].tls",
    ),
    row(
        "two sources of a server's certificate",
        tlsServer({ mode: "SIMPLE", credentialNames: ["a", "b"] }),
        tlsServer({ mode: "SIMPLE", credentialName: "a", credentialNames: ["b"] }),
        "spec.servers[0].tls.credentialName",
    ),
    row(
        "mutual TLS from files without a CA",
        tlsServer({ mode: "MUTUAL", serverCertificate: "/a", privateKey: "/b", caCertificates: "/c" }),
        tlsServer({ mode: "MUTUAL", serverCertificate: "/a", privateKey: "/b" }),
        "spec.servers[0].tls",
    ),
    row(
        "an SNI that is not a host of the route",
        virtualService("app/a", [HOST], ["mesh"], { tls: [{ match: [{ sniHosts: [HOST] }], route: [to(HOST)] }] }),
        virtualService("app/a", [HOST], ["mesh"], {
            tls: [{ match: [{ sniHosts: ["other.example"] }], route: [to(HOST)] }],
        }),
        "spec.tls[0].match[0].sniHosts[0]",
    ),
    row(
        "a name of a cluster of a gateway for the mesh",
        virtualService("app/a", ["outbound_.80_._.a.example"], ["egress"], {
            tls: [{ match: [{ sniHosts: ["outbound_.80_._.a.example"] }], route: [to("a.example")] }],
        }),
        virtualService("app/a", ["outbound_.80_._.a.example"], ["mesh"], { http: [{ route: [to("a.example")] }] }),
        "spec.hosts[0]",
    ),
    row(
        "a Gateway's name with two slashes",
        virtualService("app/a", [HOST], ["app/egress"], { http: [{ route: [to(HOST)] }] }),
        virtualService("app/a", [HOST], ["app/egress/1"], { http: [{ route: [to(HOST)] }] }),
        "spec.gateways[0]",
    ),
    row(
        "a destination without a host",
        http({ route: [to(HOST, { port: { number: 80 } })] }),
        http({ route: [{ destination: { port: { number: 80 } } }] }),
        "spec.http[0].route[0].destination",
    ),
    row(
        "a destination's port without a number",
        http({ route: [to(HOST, { port: { number: 80 } })] }),
        http({ route: [to(HOST, { port: {} })] }),
        "spec.http[0].route[0].destination.port",
    ),
    row(
        "a reason to retry with a space before it",
        http({ retries: { attempts: 2, retryOn: "5xx,reset,503" } }),
        http({ retries: { attempts: 2, retryOn: "5xx, reset" } }),
        "spec.http[0].retries.retryOn",
    ),
    row(
        "settings of retries that are off",
        http({ retries: { attempts: 0 } }),
        http({ retries: { attempts: 0, perTryTimeout: "2s" } }),
        "spec.http[0].retries.attempts",
    ),
    row(
        "a rewrite that says nothing",
        http({ rewrite: { authority: "a.example" } }),
        http({ rewrite: {} }),
        "spec.http[0].rewrite",
    ),
    row(
        "a host that is rewritten in two places",
        http({ headers: { request: { set: { Host: "a.example" } } } }),
        http({ rewrite: { authority: "a.example" }, headers: { request: { set: { Host: "b.example" } } } }),
        "spec.http[0].headers.request",
    ),
    row(
        "a redirect to nowhere",
        virtualService("app/a", [HOST], ["mesh"], { http: [{ redirect: { authority: "a.example" } }] }),
        virtualService("app/a", [HOST], ["mesh"], { http: [{ redirect: { redirectCode: 302 } }] }),
        "spec.http[0].redirect",
    ),
    row(
        "an answer together with a fault",
        virtualService("app/a", [HOST], ["mesh"], { http: [{ directResponse: { status: 503 } }] }),
        virtualService("app/a", [HOST], ["mesh"], {
            http: [{ directResponse: { status: 503 }, fault: { abort: { httpStatus: 500 } } }],
        }),
        "spec.http[0].fault",
    ),
    row(
        "a name as an endpoint of STATIC",
        entry({ resolution: "DNS", endpoints: [{ address: "lb.partner.example" }] }),
        entry({ resolution: "STATIC", endpoints: [{ address: "lb.partner.example" }] }),
        "spec.endpoints[0].address",
    ),
    row(
        "an endpoint without an address",
        entry({ resolution: "STATIC", endpoints: [{ network: "other" }] }),
        entry({ resolution: "STATIC", endpoints: [{ labels: { app: "a" } }] }),
        "spec.endpoints[0]",
    ),
    row(
        "an endpoint's port that the entry does not have",
        entry({ resolution: "STATIC", endpoints: [{ address: "192.0.2.1", ports: { tls: 8443 } }] }),
        entry({ resolution: "STATIC", endpoints: [{ address: "192.0.2.1", ports: { https: 8443 } }] }),
        "spec.endpoints[0].ports.https",
    ),
    row(
        "an address that there is not",
        entry({ addresses: ["240.0.0.1"] }),
        entry({ addresses: ["240.0.0.256"] }),
        "spec.addresses[0]",
    ),
    row(
        "a range that is too long",
        entry({ resolution: "STATIC", addresses: ["2001:db8::/64"], endpoints: [{ address: "2001:db8::1" }] }),
        entry({ resolution: "STATIC", addresses: ["10.0.0.0/33"], endpoints: [{ address: "10.0.0.1" }] }),
        "spec.addresses[0]",
    ),
    row(
        "a wildcard in the middle of an entry's host",
        entry({ resolution: "NONE" }, "*sqs.partner.example"),
        entry({ resolution: "NONE" }, "a.*.partner.example"),
        "spec.hosts[0]",
    ),
    row(
        "several hosts on a port of TCP",
        serviceEntry("app/a", [HOST, "b.example"], [HTTP]),
        serviceEntry("app/a", [HOST, "b.example"], [{ ...HTTP, protocol: "TCP" }]),
        "spec.ports[0].protocol",
    ),
    row(
        "a Sidecar's host without its full name",
        sidecar({ egress: [{ hosts: ["./*", "~noisy/*", "istio-system/istiod.istio-system.svc.cluster.local"] }] }),
        sidecar({ egress: [{ hosts: ["istio-system/istiod"] }] }),
        "spec.egress[0].hosts[0]",
    ),
    row("a Sidecar that sets nothing", sidecar({ egress: [{ hosts: ["./*"] }] }), sidecar({ egress: [] }), "spec"),
    row(
        "a listener for all ports before another one",
        sidecar({ egress: [{ port: { number: 80, protocol: "HTTP" }, hosts: ["./*"] }, { hosts: ["./*"] }] }),
        sidecar({ egress: [{ hosts: ["./*"] }, { port: { number: 80, protocol: "HTTP" }, hosts: ["./*"] }] }),
        "spec.egress[0]",
    ),
    row(
        "a proxy for undeclared hosts, which are refused",
        sidecar({
            outboundTrafficPolicy: { mode: "ALLOW_ANY", egressProxy: { host: "a.example", port: { number: 80 } } },
        }),
        sidecar({
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY", egressProxy: { host: "a.example", port: { number: 80 } } },
        }),
        "spec.outboundTrafficPolicy.egressProxy",
    ),
    row(
        "a policy that asks a provider without a name",
        policy({ action: "CUSTOM", provider: { name: "a" }, rules: [{}] }),
        policy({ action: "CUSTOM", rules: [{}] }),
        "spec.provider",
    ),
    row(
        "service accounts together with namespaces",
        from({ serviceAccounts: ["payments/billing", "default"] }),
        from({ serviceAccounts: ["payments/billing"], namespaces: ["payments"] }),
        "spec.rules[0].from[0].source.serviceAccounts",
    ),
    row(
        "a service account with a wildcard",
        from({ serviceAccounts: ["payments/billing"] }),
        from({ serviceAccounts: ["payments/*"] }),
        "spec.rules[0].from[0].source.serviceAccounts[0]",
    ),
    row(
        "a block of addresses that is a name",
        from({ ipBlocks: ["192.0.2.0/24", "2001:db8::1"] }),
        from({ ipBlocks: ["partner.example"] }),
        "spec.rules[0].from[0].source.ipBlocks[0]",
    ),
    row(
        "a port by its name",
        operation({ ports: ["443"] }),
        operation({ ports: ["https"] }),
        "spec.rules[0].to[0].operation.ports[0]",
    ),
    row(
        "an empty value",
        operation({ hosts: [HOST] }),
        operation({ hosts: [HOST, ""] }),
        "spec.rules[0].to[0].operation.hosts[1]",
    ),
    row(
        "a condition that there is not",
        policy({ rules: [{ when: [{ key: "connection.sni", values: [HOST] }] }] }),
        policy({ rules: [{ when: [{ key: "connection.host", values: [HOST] }] }] }),
        "spec.rules[0].when[0].key",
    ),
    row(
        "a condition on a header without its name",
        policy({ rules: [{ when: [{ key: "request.headers[x-a]", values: ["a"] }] }] }),
        policy({ rules: [{ when: [{ key: "request.headers[]", values: ["a"] }] }] }),
        "spec.rules[0].when[0].key",
    ),
];
