import assert from "node:assert/strict";
import { loadAll } from "js-yaml";
import { review } from "../../../review";

/*
 * Configurations that do what they say. None of them may have a finding that stops an update.
 */

const HOST = "api.partner.example";
const SVC = "istio-egressgateway.istio-system.svc.cluster.local";
const meta = (name: string) => {
    const [namespace, own] = name.split("/");
    return `{ name: ${own}, namespace: ${namespace} }`;
};
const istio = (kind: string, name: string, spec: string, version = "v1") =>
    `apiVersion: networking.istio.io/${version}\nkind: ${kind}\nmetadata: ${meta(name)}\nspec: ${spec}`;
const k8s = (kind: string, name: string, spec: string, version = "v1") =>
    `apiVersion: gateway.networking.k8s.io/${version}\nkind: ${kind}\nmetadata: ${meta(name)}\nspec: ${spec}`;

const BOTH = "{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }";
const entry = (name: string, ports = BOTH, rest = "") =>
    istio(
        "ServiceEntry",
        name,
        `{ hosts: [${HOST}], location: MESH_EXTERNAL, resolution: DNS, ports: [${ports}] ${rest} }`,
    );
const egress = (name: string, port: number, protocol: string, mode?: string) =>
    istio(
        "Gateway",
        name,
        `{ selector: { istio: egressgateway }, servers: [{ port: { number: ${port}, name: p, protocol: ${protocol} }, hosts: [${HOST}]${mode ? `, tls: { mode: ${mode} }` : ""} }] }`,
    );
const route = (name: string, gatewayPort: number, toPort: number, subset = "") =>
    istio(
        "VirtualService",
        name,
        `{ hosts: [${HOST}], gateways: [istio-egressgateway, mesh], http: [
            { match: [{ gateways: [mesh], port: 80 }], route: [{ destination: { host: ${SVC} ${subset}, port: { number: ${gatewayPort} } }, weight: 100 }] },
            { match: [{ gateways: [istio-egressgateway], port: ${gatewayPort} }], route: [{ destination: { host: ${HOST}, port: { number: ${toPort} } }, weight: 100 }] }] }`,
    );
const byRule = (name: string, port: number, tls: string, rest = "") =>
    istio(
        "DestinationRule",
        name,
        `{ host: ${HOST}, trafficPolicy: { portLevelSettings: [{ port: { number: ${port} }, tls: { ${tls} } }] } ${rest} }`,
    );
const NAMED = `sni: ${HOST}, subjectAltNames: [${HOST}]`;
const toGateway = (tls: string) =>
    istio(
        "DestinationRule",
        "default/to-gateway",
        `{ host: ${SVC}, subsets: [{ name: partner, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { ${tls} } }] } }] }`,
    );

const CORRECT: Record<string, string[]> = {
    "a host that sidecars call directly": [entry("default/partner")],
    "a host in two versions of the API": [
        entry("default/partner").replace("/v1\n", "/v1beta1\n"),
        entry("default/partner")
            .replace("/v1\n", "/v1alpha3\n")
            .replace("name: partner", "name: other")
            .replace(HOST, "b.example"),
    ],
    "HTTP through the gateway": [
        entry("default/partner"),
        egress("default/istio-egressgateway", 80, "HTTP"),
        route("default/partner", 80, 80),
    ],
    "HTTP through the gateway over the mesh's TLS": [
        entry("default/partner"),
        egress("default/istio-egressgateway", 443, "HTTPS", "ISTIO_MUTUAL"),
        toGateway(`mode: ISTIO_MUTUAL, sni: ${HOST}`),
        route("default/partner", 443, 80, ", subset: partner"),
    ],
    "TLS originated at the gateway, for which applications' own TLS is left alone": [
        entry(
            "default/partner",
            "{ number: 80, name: http, protocol: HTTP }, { number: 443, name: https, protocol: HTTPS }",
        ),
        egress("default/istio-egressgateway", 443, "HTTPS", "ISTIO_MUTUAL"),
        toGateway(`mode: ISTIO_MUTUAL, sni: ${HOST}`),
        route("default/partner", 443, 443, ", subset: partner"),
        byRule("istio-system/originate", 443, `mode: SIMPLE, ${NAMED}`, ', exportTo: ["."]'),
    ],
    "mutual TLS originated at the gateway, with a rule beside it": [
        entry("default/partner"),
        egress("default/istio-egressgateway", 443, "HTTPS", "ISTIO_MUTUAL"),
        toGateway(`mode: ISTIO_MUTUAL, sni: ${HOST}`),
        route("default/partner", 443, 443, ", subset: partner"),
        byRule("istio-system/originate", 443, `mode: MUTUAL, credentialName: client-credential, ${NAMED}`),
    ],
    "passthrough by SNI": [
        entry("default/partner"),
        egress("default/istio-egressgateway", 443, "TLS", "PASSTHROUGH"),
        istio(
            "VirtualService",
            "default/partner",
            `{ hosts: [${HOST}], gateways: [mesh, istio-egressgateway], tls: [
            { match: [{ gateways: [mesh], port: 443, sniHosts: [${HOST}] }], route: [{ destination: { host: ${SVC}, port: { number: 443 } } }] },
            { match: [{ gateways: [istio-egressgateway], port: 443, sniHosts: [${HOST}] }], route: [{ destination: { host: ${HOST}, port: { number: 443 } } }] }] }`,
        ),
    ],
    "passthrough in the mesh's TLS, which the gateway routes as TCP": [
        entry("default/partner"),
        egress("default/istio-egressgateway", 443, "TLS", "ISTIO_MUTUAL"),
        toGateway(`mode: ISTIO_MUTUAL, sni: ${HOST}`),
        istio(
            "VirtualService",
            "default/partner",
            `{ hosts: [${HOST}], gateways: [mesh, istio-egressgateway], tls: [
            { match: [{ gateways: [mesh], port: 443, sniHosts: [${HOST}] }], route: [{ destination: { host: ${SVC}, subset: partner, port: { number: 443 } } }] }],
            tcp: [{ match: [{ gateways: [istio-egressgateway], port: 443 }], route: [{ destination: { host: ${HOST}, port: { number: 443 } } }] }] }`,
        ),
    ],
    "wildcard hosts by SNI, to one server of theirs": [
        istio(
            "ServiceEntry",
            "default/w",
            '{ hosts: ["*.partner.example"], location: MESH_EXTERNAL, resolution: NONE, ports: [{ number: 443, name: tls, protocol: TLS }] }',
        ),
        istio(
            "Gateway",
            "default/istio-egressgateway",
            '{ selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: p, protocol: HTTPS }, hosts: ["*.partner.example"], tls: { mode: PASSTHROUGH } }] }',
        ),
        istio(
            "ServiceEntry",
            "default/one",
            "{ hosts: [www.partner.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }",
        ),
        istio(
            "VirtualService",
            "default/w",
            `{ hosts: ["*.partner.example"], gateways: [mesh, istio-egressgateway], tls: [
            { match: [{ gateways: [mesh], port: 443, sniHosts: ["*.partner.example"] }], route: [{ destination: { host: ${SVC}, port: { number: 443 } } }] },
            { match: [{ gateways: [istio-egressgateway], port: 443, sniHosts: ["*.partner.example"] }], route: [{ destination: { host: www.partner.example, port: { number: 443 } } }] }] }`,
        ),
    ],
    "TLS originated in the sidecar": [
        entry(
            "default/partner",
            "{ number: 80, name: http, protocol: HTTP, targetPort: 443 }, { number: 443, name: https, protocol: HTTPS }",
        ),
        byRule("default/partner", 80, "mode: SIMPLE"),
    ],
    "mutual TLS originated in one workload's sidecar": [
        entry("default/partner", "{ number: 80, name: http, protocol: HTTP, targetPort: 443 }", ', exportTo: ["."]'),
        byRule(
            "default/partner",
            80,
            `mode: MUTUAL, credentialName: partner, ${NAMED}`,
            ", workloadSelector: { matchLabels: { app: billing } }",
        ),
        istio(
            "VirtualService",
            "default/partner",
            `{ hosts: [${HOST}], exportTo: ["."], http: [
            { match: [{ sourceLabels: { app: billing } }], route: [{ destination: { host: ${HOST}, port: { number: 80 } } }] },
            { directResponse: { status: 403 } }] }`,
        ),
    ],
    "a TCP host through the gateway": [
        istio(
            "ServiceEntry",
            "default/db",
            "{ hosts: [db.partner.example], location: MESH_EXTERNAL, resolution: DNS, addresses: [240.1.1.1], ports: [{ number: 5432, name: tcp, protocol: TCP }] }",
        ),
        istio(
            "Gateway",
            "default/istio-egressgateway",
            "{ selector: { istio: egressgateway }, servers: [{ port: { number: 15432, name: tcp, protocol: TCP }, hosts: [db.partner.example] }] }",
        ),
        istio(
            "VirtualService",
            "default/db",
            `{ hosts: [db.partner.example], gateways: [mesh, istio-egressgateway], tcp: [
            { match: [{ gateways: [mesh], port: 5432 }], route: [{ destination: { host: ${SVC}, port: { number: 15432 } } }] },
            { match: [{ gateways: [istio-egressgateway], port: 15432 }], route: [{ destination: { host: db.partner.example, port: { number: 5432 } } }] }] }`,
        ),
    ],
    "a request's host rewritten to the server's": [
        entry("default/partner", "{ number: 443, name: tls, protocol: TLS }"),
        istio(
            "VirtualService",
            "default/legacy",
            `{ hosts: [legacy.corp.example], exportTo: ["."], http: [{ rewrite: { authority: ${HOST} }, route: [{ destination: { host: ${HOST}, port: { number: 443 } } }] }] }`,
        ),
        byRule("default/partner", 443, `mode: SIMPLE, ${NAMED}`, ', exportTo: ["."]'),
    ],
    "Gateway API: HTTP through a gateway that Istio makes": [
        entry("istio-egress/partner"),
        k8s(
            "Gateway",
            "istio-egress/partner",
            `{ gatewayClassName: istio, listeners: [{ name: http, hostname: ${HOST}, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Same } } }] }`,
        ),
        k8s(
            "HTTPRoute",
            "istio-egress/to",
            "{ parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }], rules: [{ backendRefs: [{ name: partner-istio, port: 80 }] }] }",
        ),
        k8s(
            "HTTPRoute",
            "istio-egress/from",
            `{ parentRefs: [{ name: partner }], hostnames: [${HOST}], rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: ${HOST}, port: 80 }] }] }`,
            "v1beta1",
        ),
    ],
    "Gateway API: mutual TLS originated by a gateway that Istio makes": [
        entry("istio-egress/partner", "{ number: 80, name: http, protocol: HTTP, targetPort: 443 }"),
        k8s(
            "Gateway",
            "istio-egress/partner",
            `{ gatewayClassName: istio, listeners: [{ name: https, hostname: ${HOST}, port: 443, protocol: HTTPS, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }] }`,
        ),
        k8s(
            "HTTPRoute",
            "istio-egress/to",
            "{ parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }], rules: [{ backendRefs: [{ name: partner-istio, port: 443 }] }] }",
        ),
        k8s(
            "HTTPRoute",
            "istio-egress/from",
            `{ parentRefs: [{ name: partner, sectionName: https }], hostnames: [${HOST}], rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: ${HOST}, port: 80 }] }] }`,
        ),
        istio(
            "DestinationRule",
            "istio-egress/to",
            `{ host: partner-istio, trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: ${HOST} } } }`,
        ),
        byRule("istio-egress/partner", 80, `mode: MUTUAL, credentialName: partner, ${NAMED}`, ', exportTo: ["."]'),
    ],
    "Gateway API: passthrough": [
        entry("istio-egress/partner", "{ number: 443, name: tls, protocol: TLS }"),
        k8s(
            "Gateway",
            "istio-egress/partner",
            `{ gatewayClassName: istio, listeners: [{ name: tls, hostname: ${HOST}, port: 443, protocol: TLS, tls: { mode: Passthrough } }] }`,
        ),
        k8s(
            "TLSRoute",
            "istio-egress/to",
            `{ parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }], hostnames: [${HOST}], rules: [{ backendRefs: [{ name: partner-istio, port: 443 }] }] }`,
            "v1alpha2",
        ),
        k8s(
            "TLSRoute",
            "istio-egress/from",
            `{ parentRefs: [{ name: partner }], hostnames: [${HOST}], rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: ${HOST}, port: 443 }] }] }`,
            "v1alpha2",
        ),
    ],
    "ambient: a waypoint that originates TLS": [
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-egress, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }",
        k8s(
            "Gateway",
            "istio-egress/waypoint",
            "{ gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }",
        ),
        entry("istio-egress/partner", "{ number: 80, name: http, protocol: HTTP, targetPort: 443 }"),
        byRule("istio-egress/partner", 80, `mode: MUTUAL, credentialName: partner, ${NAMED}`),
        `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: only, namespace: istio-egress }\nspec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: partner }], rules: [{ from: [{ source: { principals: [cluster.local/ns/app/sa/a] } }] }] }`,
    ],
    "a gateway of another controller": [
        entry("default/partner"),
        k8s(
            "Gateway",
            "default/other",
            "{ gatewayClassName: another, listeners: [{ name: http, port: 80, protocol: HTTP }] }",
        ),
        k8s(
            "HTTPRoute",
            "default/other",
            `{ parentRefs: [{ name: other }], hostnames: [x.example], rules: [{ backendRefs: [{ name: app, port: 80 }] }] }`,
        ),
    ],
    "an ingress gateway and its routes": [
        istio(
            "Gateway",
            "app/web",
            "{ selector: { istio: ingressgateway }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [web.example], tls: { mode: SIMPLE, credentialName: web } }, { port: { number: 80, name: http, protocol: HTTP }, hosts: [web.example], tls: { httpsRedirect: true } }] }",
        ),
        istio(
            "VirtualService",
            "app/web",
            "{ hosts: [web.example], gateways: [web], http: [{ match: [{ uri: { prefix: / } }], route: [{ destination: { host: web, port: { number: 8080 } } }] }] }",
        ),
        istio(
            "DestinationRule",
            "app/web",
            "{ host: web, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }, subsets: [{ name: v1, labels: { version: v1 } }] }",
        ),
    ],
};

describe("correct configurations", () => {
    for (const [what, documents] of Object.entries(CORRECT)) {
        it(`${what}: nothing mandatory, in one list or document by document`, () => {
            const objects = loadAll(documents.join("\n---\n"));
            for (const input of [objects, [{ apiVersion: "v1", kind: "List", items: objects }]]) {
                const { findings } = review(input, { outboundTrafficPolicy: "REGISTRY_ONLY" });
                assert.deepEqual(
                    findings
                        .filter(({ severity }) => severity === "mandatory")
                        .map(({ rule, message }) => `${rule}: ${message}`),
                    [],
                );
            }
        });
    }

    it("says once that it does not know the gateway of another controller, and what ambient workloads do", () => {
        const skipped = (name: string) =>
            review(loadAll(CORRECT[name].join("\n---\n"))).skipped.map(({ object }) => object?.name);
        assert.deepEqual(skipped("a gateway of another controller"), ["other"]);
        assert.deepEqual(skipped("ambient: a waypoint that originates TLS"), ["istio-egress"]);
    });
});
