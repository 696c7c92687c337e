import assert from "node:assert/strict";
import { loadAll } from "js-yaml";
import { ReviewOptions, review } from "../../../review";
import { issue } from "../../support/certificates";

/*
 * Faults that were reported in public or published as advice, each reduced to what makes it one, with others of its kind.
 */

const HOST = "api.partner.example";
const SERVICE = "egress.istio-egress.svc.cluster.local";

function object(kind: string, name: string, spec: string, apiVersion = "networking.istio.io/v1"): string {
    const [namespace, own] = name.split("/");
    return `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: ${own}, namespace: ${namespace} }, spec: ${spec} }`;
}

const entry = (name: string, ports: string, rest = "resolution: DNS") =>
    object("ServiceEntry", name, `{ hosts: [${HOST}], location: MESH_EXTERNAL, ports: [${ports}], ${rest} }`);
const HTTP = "{ number: 80, name: http, protocol: HTTP }";
const HTTP_TO_TLS = "{ number: 80, name: http, protocol: HTTP, targetPort: 443 }";
const TLS = "{ number: 443, name: tls, protocol: TLS }";

const gateway = (name: string, port: number, protocol: string, mode?: string, hosts = HOST) =>
    object(
        "Gateway",
        name,
        `{ selector: { istio: egress }, servers: [{ port: { number: ${port}, name: server, protocol: ${protocol} }, hosts: ["${hosts}"]${mode ? `, tls: { mode: ${mode} }` : ""} }] }`,
    );
const to = (host: string, port: number) => `route: [{ destination: { host: ${host}, port: { number: ${port} } } }]`;
const through = (name: string, bound: string, port: number, toPort: number, host = HOST, rest = "") =>
    object(
        "VirtualService",
        name,
        `{ hosts: [${host}], gateways: [mesh, ${bound}], ${rest} http: [{ match: [{ gateways: [mesh], port: 80 }], ${to(SERVICE, port)} }, { match: [{ gateways: [${bound}], port: ${port} }], ${to(HOST, toPort)} }] }`,
    );
const rule = (name: string, host: string, tls: string, rest = "") =>
    object("DestinationRule", name, `{ host: ${host}, trafficPolicy: { tls: { ${tls} } } ${rest} }`);
const authorization = (name: string, spec: string) =>
    object("AuthorizationPolicy", name, spec, "security.istio.io/v1beta1");

function found(documents: string[], options?: ReviewOptions, objects = loadAll(documents.join("\n---\n"))): string[] {
    return [...new Set(review(objects, options).findings.map(({ rule: id, severity }) => `${severity} ${id}`))];
}

/** All of these have this one finding. */
function eachHas(id: string, cases: Record<string, string[]>, options?: ReviewOptions): void {
    for (const [what, documents] of Object.entries(cases)) {
        it(`finds ${what}`, () => {
            const all = found(documents, options);
            assert.ok(all.includes(id), `found ${all.join(", ") || "nothing"}`);
        });
    }
}

/** None of these has a mandatory finding. */
function noneHas(cases: Record<string, string[]>, options?: ReviewOptions): void {
    for (const [what, documents] of Object.entries(cases)) {
        it(`takes ${what}`, () => {
            assert.deepEqual(
                found(documents, options).filter((one) => one.startsWith("mandatory")),
                [],
            );
        });
    }
}

describe("field cases: routes and what they are bound to", () => {
    const sni = (bound: string, host: string, port: number) =>
        `{ match: [{ gateways: [${bound}], port: ${port}, sniHosts: [${HOST}] }], ${to(host, 443)} }`;
    const byTls = (port: number) =>
        object(
            "VirtualService",
            "istio-egress/partner",
            `{ hosts: [${HOST}], gateways: [mesh, egress], tls: [${sni("mesh", SERVICE, 443)}, ${sni("egress", HOST, port)}] }`,
        );

    eachHas("mandatory route-not-for-server", {
        "a tls route at a server that terminates TLS": [
            entry("istio-egress/partner", TLS),
            gateway("istio-egress/egress", 443, "TLS", "ISTIO_MUTUAL"),
            byTls(443),
        ],
        "a tls route at an HTTPS server": [
            entry("istio-egress/partner", TLS),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            byTls(443),
        ],
        "an http route at a server that passes TLS through": [
            gateway("istio-egress/egress", 443, "TLS", "PASSTHROUGH"),
            object(
                "VirtualService",
                "istio-egress/partner",
                `{ hosts: [${HOST}], gateways: [egress], http: [{ ${to(HOST, 443)} }] }`,
            ),
        ],
        "an http route at a TCP server": [
            gateway("istio-egress/egress", 443, "TCP"),
            through("istio-egress/partner", "egress", 443, 80),
        ],
        "a port that no server has": [
            gateway("istio-egress/egress", 8443, "HTTPS", "ISTIO_MUTUAL"),
            through("istio-egress/partner", "egress", 443, 80),
        ],
    });

    eachHas("mandatory route-not-for-port", {
        "an http route for a TCP port": [
            entry("app/partner", "{ number: 80, name: tcp, protocol: TCP }"),
            gateway("app/egress", 80, "HTTP"),
            through("app/partner", "egress", 80, 80),
        ],
        "a tls route for an HTTP port": [
            entry("istio-egress/partner", "{ number: 443, name: http, protocol: HTTP }"),
            gateway("istio-egress/egress", 443, "TLS", "PASSTHROUGH"),
            byTls(443),
        ],
    });

    eachHas("mandatory gateway-in-other-namespace", {
        "a Gateway of another namespace without its namespace": [
            gateway("istio-egress/egress", 80, "HTTPS", "ISTIO_MUTUAL"),
            through("app/partner", "egress", 80, 80),
        ],
        "a wrong namespace": [
            gateway("istio-egress/egress", 80, "HTTPS", "ISTIO_MUTUAL"),
            through("app/partner", "istio-system/egress", 80, 80),
        ],
    });
    eachHas("advisory gateway-not-found", { "a Gateway that is nowhere": [through("app/partner", "egress", 80, 80)] });

    eachHas("mandatory host-not-served", {
        "a host that the Gateway does not serve": [
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL", "other.example"),
            through("istio-egress/partner", "egress", 443, 80),
        ],
        "a host that the Gateway serves for another namespace": [
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL", "payments/*"),
            through("app/partner", "istio-egress/egress", 443, 80),
        ],
    });

    eachHas("mandatory not-visible-at-gateway", {
        "an entry that the gateway's namespace does not see": [
            entry("app/partner", HTTP, 'resolution: DNS, exportTo: ["."]'),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            through("app/partner", "istio-egress/egress", 443, 80),
        ],
        "a route that the gateway's namespace does not see": [
            entry("app/partner", HTTP),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            through("app/partner", "istio-egress/egress", 443, 80, HOST, 'exportTo: ["."],'),
        ],
    });

    eachHas("mandatory subset-not-in-rule", {
        "a subset that the rule has not": [
            rule("app/partner", HOST, "mode: SIMPLE", ", subsets: [{ name: one }]"),
            object(
                "VirtualService",
                "app/partner",
                `{ hosts: [${HOST}], http: [{ route: [{ destination: { host: ${HOST}, subset: two } }] }] }`,
            ),
        ],
    });
});

describe("field cases: TLS", () => {
    const named = `sni: ${HOST}, subjectAltNames: [${HOST}]`;
    const mutual = `mode: MUTUAL, credentialName: partner, ${named}`;

    eachHas("mandatory plaintext-to-tls-port", {
        "a target port 443 without a rule": [entry("app/partner", HTTP_TO_TLS)],
        "an endpoint's port 443": [
            entry("app/partner", HTTP, `resolution: DNS, endpoints: [{ address: ${HOST}, ports: { http: 443 } }]`),
        ],
        "a machine's port 443": [
            entry("app/partner", HTTP, "resolution: STATIC, workloadSelector: { labels: { app: partner } }"),
            object(
                "WorkloadEntry",
                "app/one",
                "{ address: 203.0.113.9, labels: { app: partner }, ports: { http: 443 } }",
            ),
        ],
        "gRPC to 443": [entry("app/partner", "{ number: 8080, name: grpc, protocol: GRPC, targetPort: 443 }")],
        "a rule for another port": [
            entry("app/partner", HTTP_TO_TLS),
            object(
                "DestinationRule",
                "app/partner",
                `{ host: ${HOST}, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] } }`,
            ),
        ],
        "a gateway that calls port 443 without a rule": [
            entry("istio-egress/partner", `${HTTP}, { number: 443, name: https, protocol: HTTPS }`),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            through("istio-egress/partner", "egress", 443, 443),
        ],
        "a gateway whose rule it does not see": [
            entry("app/partner", `${HTTP}, { number: 443, name: https, protocol: HTTPS }`),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            through("app/partner", "istio-egress/egress", 443, 443),
            rule("app/partner", HOST, "mode: SIMPLE", ', exportTo: ["."]'),
        ],
        "a waypoint without a rule": [
            entry("app/partner", HTTP_TO_TLS).replace(
                "namespace: app",
                "namespace: app, labels: { istio.io/use-waypoint: w }",
            ),
        ],
    });

    eachHas("mandatory client-certificate-ignored", {
        "a credential on a TLS port": [entry("app/partner", TLS), rule("app/partner", HOST, mutual)],
        "a credential on an HTTPS port, in the root namespace": [
            entry("app/partner", "{ number: 443, name: https, protocol: HTTPS }"),
            rule("istio-system/partner", HOST, mutual),
        ],
    });

    eachHas("mandatory sidecar-credential", {
        "a rule behind a delegate": [
            entry("app/partner", HTTP_TO_TLS),
            rule("app/partner", HOST, mutual),
            object(
                "VirtualService",
                "app/root",
                `{ hosts: [${HOST}], http: [{ delegate: { name: leaf, namespace: app } }] }`,
            ),
            object("VirtualService", "app/leaf", `{ http: [{ ${to(HOST, 80)} }] }`),
        ],
    });

    eachHas("mandatory gateway-transport-mismatch", {
        "the mesh's TLS to an HTTP server": [
            gateway("istio-egress/egress", 80, "HTTP"),
            through("istio-egress/partner", "egress", 80, 80),
            rule("istio-egress/to-gateway", "egress", "mode: ISTIO_MUTUAL"),
        ],
        "plaintext to a server that wants the mesh's TLS": [
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
            through("istio-egress/partner", "egress", 443, 80),
            rule("app/to-gateway", SERVICE, "mode: DISABLE"),
        ],
        "the mesh's TLS to a listener of the Gateway API in plaintext": [
            entry("istio-egress/partner", HTTP),
            object(
                "Gateway",
                "istio-egress/partner",
                "{ gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }",
                "gateway.networking.k8s.io/v1",
            ),
            object(
                "HTTPRoute",
                "istio-egress/to",
                "{ parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }], rules: [{ backendRefs: [{ name: partner-istio, port: 80 }] }] }",
                "gateway.networking.k8s.io/v1",
            ),
            rule("istio-egress/to", "partner-istio", "mode: ISTIO_MUTUAL"),
        ],
    });

    eachHas("mandatory request-host-mismatch", {
        "a request for another name than the server's": [
            entry("istio-egress/partner", TLS),
            gateway("istio-egress/egress", 443, "HTTPS", "ISTIO_MUTUAL", "legacy.corp.example"),
            through("istio-egress/partner", "egress", 443, 443, "legacy.corp.example"),
            rule("istio-egress/partner", HOST, "mode: SIMPLE"),
        ],
        "the same from a sidecar, for a service of the cluster": [
            entry("app/partner", HTTP_TO_TLS),
            object("VirtualService", "app/partner", `{ hosts: [legacy], http: [{ ${to(HOST, 80)} }] }`),
            rule("app/partner", HOST, "mode: SIMPLE"),
        ],
    });

    eachHas("mandatory target-port-ignored", {
        "a target port with NONE": [entry("app/partner", HTTP_TO_TLS, "resolution: NONE")],
        "a target port without resolution": [entry("app/partner", HTTP_TO_TLS, "addresses: [203.0.113.7]")],
    });
    eachHas("advisory http-on-443", {
        "HTTP on 443": [entry("app/partner", "{ number: 443, name: http, protocol: HTTP }")],
    });
    eachHas("advisory certificate-files-for-everybody", {
        "files in a rule that every sidecar reads": [
            entry("app/partner", HTTP_TO_TLS),
            rule(
                "app/partner",
                HOST,
                `mode: MUTUAL, clientCertificate: /a/tls.crt, privateKey: /a/tls.key, caCertificates: /a/ca.crt, ${named}`,
            ),
        ],
    });

    eachHas("mandatory refused-by-istio", {
        "a wildcard with DNS": [
            object("ServiceEntry", "app/a", `{ hosts: ["*.google.example"], resolution: DNS, ports: [${TLS}] }`),
        ],
        "MUTUAL without a certificate": [rule("app/partner", HOST, `mode: MUTUAL, ${named}`)],
        "files beside a credential": [rule("app/partner", HOST, "mode: SIMPLE, credentialName: a, caCertificates: /a")],
        "a protocol that there is not": [entry("app/partner", "{ number: 80, name: a, protocol: HTTTP }")],
        "a port in quotes": [entry("app/partner", '{ number: "80", name: a, protocol: HTTP }')],
        "a mode that there is not": [rule("app/partner", HOST, "mode: TLS")],
        "text where a list is expected": [
            object("ServiceEntry", "app/a", `{ hosts: ${HOST}, ports: [${TLS}], resolution: DNS }`),
        ],
        "an SNI that is no host of the service": [
            object(
                "VirtualService",
                "app/a",
                `{ hosts: [${HOST}], tls: [{ match: [{ sniHosts: [other.example] }], ${to(HOST, 443)} }] }`,
            ),
        ],
        "an HTTPS server without TLS": [gateway("app/egress", 443, "HTTPS")],
        "a policy for Istio's own Gateway": [
            authorization(
                "app/a",
                "{ targetRefs: [{ group: networking.istio.io, kind: Gateway, name: egress }], rules: [{}] }",
            ),
        ],
        "a policy of a Sidecar that there is not": [
            object("Sidecar", "app/a", "{ outboundTrafficPolicy: { mode: REGISTER_ONLY } }"),
        ],
    });

    it("finds an expired certificate in an Opaque secret, under each of Istio's keys", async () => {
        const { certificate } = await issue({ subject: "CN=a", notAfter: new Date(Date.now() - 1000) });
        for (const key of ["tls.crt", "cert", "ca.crt", "cacert"]) {
            const secret = {
                apiVersion: "v1",
                kind: "Secret",
                metadata: { name: "a" },
                type: "Opaque",
                stringData: { [key]: certificate },
            };
            assert.deepEqual(found([], undefined, [secret]), ["advisory certificate-near-expiry"]);
        }
    });
});

describe("field cases: ways past the gateway", () => {
    const pod = (kind: string, annotations: string) => {
        const template = `template: { metadata: { annotations: { ${annotations} } }, spec: {} }`;
        const spec = kind === "CronJob" ? `{ jobTemplate: { spec: { ${template} } } }` : `{ ${template} }`;
        return object(kind, "app/billing", spec, kind === "CronJob" ? "batch/v1" : "apps/v1");
    };
    const key = (name: string) => `traffic.sidecar.istio.io/${name}`;

    eachHas("mandatory sidecar-bypassed", {
        "every range excluded": [
            entry("app/partner", TLS),
            pod("Deployment", `${key("excludeOutboundIPRanges")}: 0.0.0.0/0`),
        ],
        "every range excluded in two halves": [
            entry("app/partner", TLS),
            pod("StatefulSet", `${key("excludeOutboundIPRanges")}: "0.0.0.0/1,128.0.0.0/1"`),
        ],
        "no range included": [entry("app/partner", TLS), pod("DaemonSet", `${key("includeOutboundIPRanges")}: ""`)],
        "only the cluster's ranges included": [
            entry("app/partner", TLS),
            pod("CronJob", `${key("includeOutboundIPRanges")}: 10.0.0.0/8`),
        ],
        "the host's port excluded": [
            entry("app/partner", TLS),
            pod("Deployment", `${key("excludeOutboundPorts")}: "443"`),
        ],
        "the host's address excluded": [
            entry("app/partner", TLS, "resolution: STATIC, endpoints: [{ address: 203.0.113.7 }]"),
            pod("Deployment", `${key("excludeOutboundIPRanges")}: 203.0.113.0/24`),
        ],
    });
    const sidecar = object(
        "Sidecar",
        "app/default",
        '{ outboundTrafficPolicy: { mode: ALLOW_ANY }, egress: [{ hosts: ["./*"] }] }',
    );
    eachHas("mandatory sidecar-allow-any", { "a Sidecar with ALLOW_ANY": [sidecar, entry("app/partner", TLS)] });

    const mesh = (name: string, mode: string) =>
        `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name}, namespace: istio-system }, data: { mesh: "outboundTrafficPolicy:\\n  mode: ${mode}\\n" } }`;
    eachHas("mandatory unknown-outbound-policy", {
        "a mistyped policy of AKS's shared configuration": [mesh("istio-shared-configmap-asm-1-27", "REGISTER_ONLY")],
        "one of a revision": [mesh("istio-canary", "registry_only")],
        "one of Istio's operator": [
            object(
                "IstioOperator",
                "istio-system/a",
                "{ meshConfig: { outboundTrafficPolicy: { mode: REGISTRY } } }",
                "install.istio.io/v1alpha1",
            ),
        ],
        "a configuration that is no YAML": [mesh("istio", "[")],
    });

    const only = "rules: [{ from: [{ source: { principals: [cluster.local/ns/app/sa/billing] } }] }]";
    const route = [
        entry("app/partner", HTTP),
        gateway("app/egress", 443, "HTTPS", "ISTIO_MUTUAL"),
        through("app/partner", "egress", 443, 80),
    ];
    eachHas("mandatory authorization-elsewhere", {
        "a policy beside the Gateway, whose pods are elsewhere": [
            ...route,
            authorization("app/only", `{ selector: { matchLabels: { istio: egress } }, ${only} }`),
        ],
        "a policy for a Gateway of the Gateway API in another namespace": [
            object(
                "Gateway",
                "istio-egress/partner",
                "{ gatewayClassName: istio, listeners: [] }",
                "gateway.networking.k8s.io/v1",
            ),
            authorization(
                "app/only",
                `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: partner }], ${only} }`,
            ),
        ],
    });
    const ofEntry = authorization(
        "app/only",
        `{ targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: partner }], ${only} }`,
    );
    eachHas("mandatory authorization-without-waypoint", {
        "a policy for an entry without waypoint": [entry("app/partner", TLS), ofEntry],
    });
    eachHas("advisory deny-http-attributes", {
        "a DENY by path at a gateway that passes TLS through": [
            gateway("istio-egress/egress", 443, "TLS", "PASSTHROUGH"),
            authorization(
                "istio-egress/no",
                "{ selector: { matchLabels: { istio: egress } }, action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }",
            ),
        ],
    });

    noneHas({
        "ranges of the cluster left out of the sidecar": [
            entry("app/partner", TLS),
            pod("Deployment", `${key("excludeOutboundIPRanges")}: "10.0.0.0/8,169.254.169.254/32"`),
        ],
        "a pod without a sidecar": [
            entry("app/partner", TLS),
            pod("Deployment", `${key("excludeOutboundIPRanges")}: 0.0.0.0/0, sidecar.istio.io/inject: "false"`),
        ],
        "a Sidecar with ALLOW_ANY in a mesh with ALLOW_ANY": [
            sidecar,
            entry("app/partner", TLS),
            mesh("istio", "ALLOW_ANY"),
        ],
        "a policy beside the gateway's pods": [
            ...route,
            authorization("istio-egress/only", `{ selector: { matchLabels: { istio: egress } }, ${only} }`),
        ],
        "a policy of the root namespace": [
            ...route,
            authorization("istio-system/only", `{ selector: { matchLabels: { istio: egress } }, ${only} }`),
        ],
        "a policy for an entry with a waypoint": [
            entry("app/partner", TLS).replace("namespace: app", "namespace: app, labels: { istio.io/use-waypoint: w }"),
            ofEntry,
        ],
        "a policy for an entry of a namespace with a waypoint": [
            "{ apiVersion: v1, kind: Namespace, metadata: { name: app, labels: { istio.io/use-waypoint: w } } }",
            entry("app/partner", TLS),
            ofEntry,
        ],
    });
});
