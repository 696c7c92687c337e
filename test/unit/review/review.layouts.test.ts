import assert from "node:assert/strict";
import { loadAll } from "js-yaml";
import { review } from "../../../review/index";

/*
 * Layouts that are near each other, correct and not: other versions and spellings, both sides of a relation, Istio's own
 * kinds and the Gateway API's, waypoints. Each names all rules that find something, and no others may.
 */

type Values = Record<string, string | null | undefined>;

const se = (o: Values = {}) => `---
apiVersion: networking.istio.io/${o.v ?? "v1"}
kind: ServiceEntry
metadata: { name: ${o.name ?? "partner"}, namespace: ${o.ns ?? "egress"}${o.labels ? `, labels: ${o.labels}` : ""} }
spec:
  hosts: [${o.hosts ?? "api.partner.example"}]
  ports: ${o.ports ?? "[{ number: 80, name: http, protocol: HTTP }, { number: 443, name: https, protocol: HTTPS }]"}
  resolution: ${o.res ?? "DNS"}
  location: MESH_EXTERNAL
${o.more ?? ""}
`;
const gw = (o: Values & { tls?: string | null } = {}) => `---
apiVersion: networking.istio.io/${o.v ?? "v1"}
kind: Gateway
metadata: { name: ${o.name ?? "partner"}, namespace: ${o.ns ?? "egress"} }
spec:
  selector: ${o.sel ?? "{ istio: egressgateway }"}
  servers:
    - port: ${o.port ?? "{ number: 443, name: https, protocol: HTTPS }"}
      hosts: [${o.hosts ?? "api.partner.example"}]
${o.tls === null ? "" : `      tls: { mode: ${o.tls ?? "ISTIO_MUTUAL"} }`}
`;
const dr = (name: string, host: string, policy: string, o: Values = {}) => `---
apiVersion: networking.istio.io/${o.v ?? "v1"}
kind: DestinationRule
metadata: { name: ${name}, namespace: ${o.ns ?? "egress"} }
spec:
  host: ${host}
${o.more ?? ""}
${policy ? `  trafficPolicy: ${policy}` : ""}
`;
const vs = (o: Values = {}) => `---
apiVersion: networking.istio.io/${o.v ?? "v1"}
kind: VirtualService
metadata: { name: ${o.name ?? "partner"}, namespace: ${o.ns ?? "egress"} }
spec:
  hosts: [${o.hosts ?? "api.partner.example"}]
  gateways: [${o.gateways ?? "partner, mesh"}]
${
    o.routes ??
    `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, ${o.subset ?? "subset: partner, "}port: { number: 443 } } }]
    - match: [{ gateways: [${o.own ?? "partner"}], port: 443 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`
}
`;
const secret = (o: Values = {}) => `---
apiVersion: v1
kind: Secret
metadata: { name: ${o.name ?? "client"}, namespace: ${o.ns ?? "egress"} }
type: ${o.type ?? "kubernetes.io/tls"}
data: { tls.crt: YQ==, tls.key: YQ==, ca.crt: YQ== }
`;
const orig = `{ portLevelSettings: [{ port: { number: 443 }, tls: { mode: MUTUAL, credentialName: client, sni: api.partner.example, subjectAltNames: [api.partner.example] } }] }`;
const im = `  subsets: [{ name: partner, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: ISTIO_MUTUAL, sni: api.partner.example } }] } }]`;
const gwdr = dr("gw", "egressgateway.egress.svc.cluster.local", "", { more: im });

const layouts = new Map<string, [rules: string[], yaml: string]>();
const c = (name: string, rules: string[], yaml: string) => layouts.set(name, [rules, yaml]);

for (const v of ["v1", "v1beta1", "v1alpha3"])
    c(
        "guides mTLS " + v,
        [],
        se({ v }) +
            gw({ v }) +
            dr("originate", "api.partner.example", orig, { v }) +
            dr("gw", "egressgateway.egress.svc.cluster.local", "", { more: im, v }) +
            vs({ v }) +
            secret(),
    );
c(
    "short service name",
    [],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig) +
        dr("gw", "egressgateway", "", { more: im }) +
        vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 443 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }) +
        secret(),
);
c(
    "svc without cluster domain",
    ["destination-not-declared"],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig) +
        dr("gw", "egressgateway.egress.svc", "", { more: im }) +
        vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 443 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }) +
        secret(),
);
c(
    "TLS passthrough by gateway",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        gw({ port: "{ number: 443, name: tls, protocol: TLS }", tls: "PASSTHROUGH" }) +
        vs({
            routes: `  tls:
    - match: [{ gateways: [mesh], port: 443, sniHosts: [api.partner.example] }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 443, sniHosts: [api.partner.example] }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }),
);
c(
    "gateway api egress, http to origination",
    [],
    se() +
        `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: egress, namespace: egress, annotations: { networking.istio.io/service-type: ClusterIP } }
spec:
  gatewayClassName: istio
  listeners:
    - name: https
      hostname: api.partner.example
      port: 443
      protocol: HTTPS
      tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } }
      allowedRoutes: { namespaces: { from: Same } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: direct, namespace: egress }
spec:
  parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }]
  rules: [{ backendRefs: [{ name: egress-istio, port: 443 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: forward, namespace: egress }
spec:
  parentRefs: [{ name: egress }]
  hostnames: [api.partner.example]
  rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: api.partner.example, port: 443 }] }]
` +
        dr(
            "to-gw",
            "egress-istio.egress.svc.cluster.local",
            "{ portLevelSettings: [{ port: { number: 443 }, tls: { mode: ISTIO_MUTUAL, sni: api.partner.example } }] }",
        ) +
        dr("originate", "api.partner.example", orig) +
        secret(),
);
c(
    "gateway api tls passthrough",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: egress, namespace: egress }
spec:
  gatewayClassName: istio
  listeners:
    - { name: tls, hostname: api.partner.example, port: 443, protocol: TLS, tls: { mode: Passthrough }, allowedRoutes: { namespaces: { from: Same } } }
---
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TLSRoute
metadata: { name: direct, namespace: egress }
spec:
  parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }]
  rules: [{ backendRefs: [{ name: egress-istio, port: 443 }] }]
---
apiVersion: gateway.networking.k8s.io/v1alpha3
kind: TLSRoute
metadata: { name: forward, namespace: egress }
spec:
  parentRefs: [{ name: egress }]
  hostnames: [api.partner.example]
  rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: api.partner.example, port: 443 }] }]
`,
);
c(
    "gateway api listener hostname absent, route in other ns with from All",
    ["double-tls"],
    se({ more: "  exportTo: ['*']" }) +
        `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: Gateway
metadata: { name: egress, namespace: egress }
spec:
  gatewayClassName: istio
  listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: HTTPRoute
metadata: { name: forward, namespace: shop }
spec:
  parentRefs: [{ name: egress, namespace: egress, sectionName: http }]
  hostnames: [api.partner.example]
  rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: api.partner.example, port: 443 }] }]
` +
        dr("originate", "api.partner.example", "{ tls: { mode: SIMPLE } }"),
);
c(
    "waypoint egress, origination",
    [],
    `---
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: egress, labels: { istio.io/waypoint-for: service } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
` +
        se({
            labels: "{ istio.io/use-waypoint: waypoint }",
            ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]",
        }) +
        dr("originate", "api.partner.example", "{ tls: { mode: SIMPLE } }"),
);
c(
    "waypoint with AuthorizationPolicy",
    [],
    `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
` +
        se({
            labels: "{ istio.io/use-waypoint: waypoint }",
            ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]",
        }) +
        dr("originate", "api.partner.example", "{ tls: { mode: SIMPLE } }") +
        `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only-shop, namespace: egress }
spec:
  targetRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner }]
  action: ALLOW
  rules: [{ from: [{ source: { principals: ["cluster.local/ns/shop/sa/cart"] } }] }]
`,
);
c(
    "tcp by address",
    [],
    se({
        hosts: "db.partner.example",
        ports: "[{ number: 5432, name: tcp-postgres, protocol: TCP }]",
        res: "STATIC",
        more: "  addresses: [203.0.113.7]\n  endpoints: [{ address: 203.0.113.7 }]",
    }),
);
c("tls direct", [], se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }));
c(
    "sidecar origination on port 80",
    [],
    se({ ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]" }) +
        dr("o", "api.partner.example", "{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }"),
);
c(
    "sidecar origination set on the wrong port",
    ["plaintext-to-tls-port"],
    se({ ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]" }) +
        dr("o", "api.partner.example", "{ portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] }"),
);
c(
    "ISTIO_MUTUAL towards a partner",
    ["mesh-tls-to-external"],
    se({ ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]" }) +
        dr("o", "api.partner.example", "{ tls: { mode: ISTIO_MUTUAL } }"),
);
c(
    "global ISTIO_MUTUAL for *.local",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        dr("default", "'*.local'", "{ tls: { mode: ISTIO_MUTUAL } }", { ns: "istio-system" }),
);
c(
    "global ISTIO_MUTUAL for *",
    ["mesh-tls-to-external"],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        dr("default", "'*'", "{ tls: { mode: ISTIO_MUTUAL } }", { ns: "istio-system" }),
);
c(
    "double TLS",
    ["double-tls"],
    se({ ports: "[{ number: 443, name: https, protocol: HTTPS }]" }) +
        dr("o", "api.partner.example", "{ tls: { mode: SIMPLE } }"),
);
c(
    "entry private to shop",
    ["not-visible-at-gateway"],
    se({ ns: "shop", more: "  exportTo: ['.']" }) +
        gw() +
        dr("originate", "api.partner.example", orig) +
        gwdr +
        vs() +
        secret(),
);
const np = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: ${spec}
`;
c(
    "np dns anywhere",
    [],
    np(
        "{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }] }",
    ),
);
c(
    "np to gateway ns",
    [],
    np(
        "{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: egress } } }] }] }",
    ),
);
c("np deny", [], np("{ podSelector: {}, policyTypes: [Ingress, Egress] }"));
c("np ingress only with open egress list", [], np("{ podSelector: {}, policyTypes: [Ingress], egress: [{}] }"));
c("np empty rule", ["open-egress"], np("{ podSelector: {}, policyTypes: [Egress], egress: [{}] }"));
c("np 2000::/3", ["open-egress"], np("{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '2000::/3' } }] }] }"));
c(
    "np private ranges",
    [],
    np(
        "{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: 172.16.0.0/12 } }, { ipBlock: { cidr: 192.168.0.0/16 } }] }] }",
    ),
);
c(
    "np one partner address",
    [],
    np(
        "{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.7/32 } }], ports: [{ port: 443 }] }] }",
    ),
);
c(
    "np all pods in all namespaces",
    [],
    np("{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }] }] }"),
);
c(
    "cilium world",
    ["open-egress"],
    `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p, namespace: shop }
spec: { endpointSelector: {}, egress: [{ toEntities: [world] }] }
`,
);
c(
    "cilium fqdn partner",
    [],
    `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p, namespace: shop }
spec: { endpointSelector: {}, egress: [{ toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns } }], toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }] }, { toFQDNs: [{ matchName: api.partner.example }] }] }
`,
);
c(
    "wildcard tls direct NONE",
    [],
    se({ hosts: "'*.partner.example'", ports: "[{ number: 443, name: tls, protocol: TLS }]", res: "NONE" }),
);
c(
    "wildcard with DNS",
    ["refused-by-istio"],
    se({ hosts: "'*.partner.example'", ports: "[{ number: 443, name: tls, protocol: TLS }]", res: "DNS" }),
);
c(
    "wildcard DYNAMIC_DNS",
    [],
    se({ hosts: "'*.partner.example'", ports: "[{ number: 443, name: tls, protocol: TLS }]", res: "DYNAMIC_DNS" }),
);
c(
    "Gateway in istio-system referenced",
    [],
    se() +
        gw({ ns: "istio-system", hosts: "'*/api.partner.example'" }) +
        dr("originate", "api.partner.example", orig, { ns: "istio-system", more: "  exportTo: ['.']" }) +
        dr("gw", "egressgateway.istio-system.svc.cluster.local", "", { more: im }) +
        vs({
            gateways: "istio-system/partner, mesh",
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.istio-system.svc.cluster.local, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [istio-system/partner], port: 443 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }) +
        secret({ ns: "istio-system" }),
);
c(
    "Gateway hosts star",
    [],
    se() + gw({ hosts: "'*'" }) + dr("originate", "api.partner.example", orig) + gwdr + vs() + secret(),
);
c(
    "Gateway hosts ./ and VS elsewhere",
    ["host-not-served"],
    se() +
        gw({ hosts: "'./api.partner.example'" }) +
        vs({
            ns: "shop",
            gateways: "egress/partner",
            routes: "  http: [{ route: [{ destination: { host: api.partner.example, port: { number: 443 } } }] }]",
        }) +
        dr("originate", "api.partner.example", orig),
);
c(
    "split VirtualServices",
    [],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig) +
        gwdr +
        vs({
            name: "a",
            gateways: "mesh",
            routes: `  http: [{ match: [{ port: 80 }], route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 443 } } }] }]`,
        }) +
        vs({
            name: "b",
            gateways: "partner",
            routes: `  http: [{ route: [{ destination: { host: api.partner.example, port: { number: 443 } } }] }]`,
        }) +
        secret(),
);
c(
    "secret elsewhere",
    ["credential-elsewhere"],
    se() + gw() + dr("originate", "api.partner.example", orig) + gwdr + vs() + secret({ ns: "shop" }),
);
c(
    "guides without SAN",
    ["server-name-unchecked"],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig.replace(", subjectAltNames: [api.partner.example]", "")) +
        gwdr +
        vs() +
        secret(),
);
c(
    "entry SAN",
    [],
    se({ more: "  subjectAltNames: [api.partner.example]" }) +
        gw() +
        dr("originate", "api.partner.example", orig.replace(", subjectAltNames: [api.partner.example]", "")) +
        gwdr +
        vs() +
        secret(),
);
c(
    "caCertificates system",
    [],
    se({ ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]" }) +
        dr("o", "api.partner.example", "{ tls: { mode: SIMPLE, caCertificates: system } }"),
);
c("lowercase protocols", [], se({ ports: "[{ number: 443, name: https, protocol: https }]" }));
c("quoted port", ["refused-by-istio"], se({ ports: "[{ number: '443', name: https, protocol: HTTPS }]" }));
c(
    "mesh tcp through gateway",
    [],
    se({
        hosts: "mongo.partner.example",
        ports: "[{ number: 27017, name: mongo, protocol: MONGO }]",
        more: "  addresses: [198.51.100.9]",
    }) +
        gw({ hosts: "mongo.partner.example", port: "{ number: 7777, name: tls-mongo, protocol: TLS }" }) +
        dr("gw", "egressgateway.egress.svc.cluster.local", "", {
            more: "  subsets: [{ name: partner, trafficPolicy: { portLevelSettings: [{ port: { number: 7777 }, tls: { mode: ISTIO_MUTUAL, sni: mongo.partner.example } }] } }]",
        }) +
        vs({
            hosts: "mongo.partner.example",
            routes: `  tcp:
    - match: [{ gateways: [mesh], destinationSubnets: [198.51.100.9/32], port: 27017 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 7777 } } }]
    - match: [{ gateways: [partner], port: 7777 }]
      route: [{ destination: { host: mongo.partner.example, port: { number: 27017 } }, weight: 100 }]`,
        }),
);
c(
    "http partner in plain",
    [],
    se({ hosts: "old.partner.example", ports: "[{ number: 8080, name: http, protocol: HTTP }]" }),
);
c(
    "grpc on 443 with origination",
    [],
    se({ ports: "[{ number: 443, name: grpc, protocol: GRPC }]" }) +
        dr("o", "api.partner.example", "{ tls: { mode: SIMPLE } }"),
);
c(
    "VM inside the mesh",
    [],
    `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: vm, namespace: shop }
spec: { hosts: [vm.shop.internal], location: MESH_INTERNAL, resolution: STATIC, ports: [{ number: 8080, name: http, protocol: HTTP }], workloadSelector: { labels: { app: vm } } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: shop }
spec: { address: 10.1.2.3, labels: { app: vm }, serviceAccount: vm }
`,
);
c(
    "pod excludes a db port",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: a } }, template: { metadata: { labels: { app: a }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "5432" } }, spec: { containers: [{ name: a, image: a }] } } }
`,
);
c(
    "pod excludes 443",
    ["sidecar-bypassed"],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: a } }, template: { metadata: { labels: { app: a }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "443, 5432" } }, spec: { containers: [{ name: a, image: a }] } } }
`,
);
c(
    "pod includes private only",
    ["sidecar-bypassed"],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        `---
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop, annotations: { traffic.sidecar.istio.io/includeOutboundIPRanges: "10.0.0.0/8" } }
spec: { containers: [{ name: a, image: a }] }
`,
);
c(
    "delegate",
    [],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig) +
        gwdr +
        `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: egress }
spec:
  hosts: [api.partner.example]
  gateways: [partner, mesh]
  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 443 }]
      delegate: { name: leaf }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: leaf, namespace: egress }
spec: { http: [{ match: [{ uri: { prefix: /v1 } }], route: [{ destination: { host: api.partner.example, port: { number: 443 } } }] }] }
` +
        secret(),
);
c(
    "authorization at the gateway",
    [],
    se() +
        gw() +
        dr("originate", "api.partner.example", orig) +
        gwdr +
        vs() +
        secret() +
        `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: a, namespace: egress }
spec: { selector: { matchLabels: { istio: egressgateway } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }], to: [{ operation: { hosts: [api.partner.example] } }] }] }
`,
);
c(
    "two mTLS hosts on one gateway",
    [],
    se() +
        se({ name: "bank", hosts: "bank.example" }) +
        gw() +
        gw({ name: "bank", hosts: "bank.example" }) +
        dr("originate", "api.partner.example", orig) +
        dr("bank", "bank.example", orig.replaceAll("api.partner.example", "bank.example")) +
        dr("gw", "egressgateway.egress.svc.cluster.local", "", { more: im }) +
        dr("gw2", "egressgateway.egress.svc.cluster.local", "", {
            more: im.replace("name: partner", "name: bank").replace("api.partner.example", "bank.example"),
        }) +
        vs() +
        vs({
            name: "bank",
            hosts: "bank.example",
            gateways: "bank, mesh",
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: bank, port: { number: 443 } } }]
    - match: [{ gateways: [bank], port: 443 }]
      route: [{ destination: { host: bank.example, port: { number: 443 } } }]`,
        }) +
        secret(),
);
c(
    "plain http to gateway (mesh mTLS auto), guides http-only",
    [],
    se() +
        gw({ port: "{ number: 80, name: http, protocol: HTTP }", tls: null }) +
        dr("gw", "egressgateway.egress.svc.cluster.local", "", { more: "  subsets: [{ name: partner }]" }) +
        vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 80 } } }]
    - match: [{ gateways: [partner], port: 80 }]
      route: [{ destination: { host: api.partner.example, port: { number: 80 } } }]`,
        }),
);
c(
    "registry only operator",
    [],
    `---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: i, namespace: istio-system }
spec: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }
` + se({ ports: "[{ number: 443, name: tls, protocol: TLS }]", more: "  exportTo: [shop]" }),
);
c(
    "sidecar scope",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ["./*", "istio-system/*", "egress/*"] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
);
c(
    "mirror and timeouts",
    [],
    se({ ports: "[{ number: 80, name: http, protocol: HTTP }]" }) +
        vs({
            gateways: "mesh",
            routes: "  http: [{ timeout: 3s, retries: { attempts: 2 }, route: [{ destination: { host: api.partner.example, port: { number: 80 } }, weight: 100 }] }]",
        }),
);
c(
    "workload-scoped credential",
    ["selector-leaves-others"],
    se({
        ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]",
        ns: "shop",
        more: "  exportTo: ['.']",
    }) +
        dr(
            "o",
            "api.partner.example",
            "{ tls: { mode: MUTUAL, credentialName: client, sni: api.partner.example, subjectAltNames: [api.partner.example] } }",
            { ns: "shop", more: "  workloadSelector: { matchLabels: { app: cart } }" },
        ) +
        secret({ ns: "shop" }) +
        `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
);
c(
    "BackendTLSPolicy",
    [],
    se({ ports: "[{ number: 443, name: https, protocol: HTTPS }]" }) +
        `---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: b, namespace: egress }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: partner }], validation: { hostname: api.partner.example, wellKnownCACertificates: System, subjectAltNames: [{ type: Hostname, hostname: api.partner.example }] } }
`,
);
c(
    "gateway port 15443 style autopassthrough",
    [],
    gw({
        hosts: "'*.local'",
        port: "{ number: 15443, name: tls, protocol: TLS }",
        tls: "AUTO_PASSTHROUGH",
        sel: "{ istio: eastwestgateway }",
    }),
);
c(
    "ingress gateway things alongside",
    [],
    gw({
        name: "in",
        ns: "istio-ingress",
        hosts: "shop.example",
        sel: "{ istio: ingressgateway }",
        tls: "SIMPLE, credentialName: shop-cert",
    }) +
        vs({
            name: "in",
            ns: "shop",
            hosts: "shop.example",
            gateways: "istio-ingress/in",
            routes: "  http: [{ route: [{ destination: { host: cart, port: { number: 8080 } } }] }]",
        }) +
        `---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 8080, name: http }] }
`,
);
c(
    "ingress redirect server",
    [],
    gw({
        name: "in",
        ns: "istio-ingress",
        hosts: "shop.example",
        sel: "{ istio: ingressgateway }",
        port: "{ number: 80, name: http, protocol: HTTP }",
        tls: null,
    }).trimEnd() + `\n      tls: { httpsRedirect: true }\n`,
);
c(
    "vs header rewrite host",
    [],
    se({ hosts: "api.partner.example", ports: "[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]" }) +
        `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: alias, namespace: egress }
spec: { hosts: [partner.internal.example], http: [{ rewrite: { authority: api.partner.example }, route: [{ destination: { host: api.partner.example, port: { number: 80 } } }] }] }
` +
        dr("o", "api.partner.example", "{ tls: { mode: SIMPLE } }"),
);

const dr2 = (t: string) => dr("gw", "egressgateway.egress.svc.cluster.local", "", { more: t });
const all = (o: Values = {}) =>
    (o.se ?? se()) +
    (o.gw ?? gw()) +
    (o.orig ?? dr("originate", "api.partner.example", orig)) +
    (o.gwdr ?? gwdr) +
    (o.vs ?? vs()) +
    (o.secret ?? secret());
c(
    "a subset without sni",
    ["gateway-sni-mismatch"],
    all({ gwdr: dr2("  subsets: [{ name: partner, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }]") }),
);
c(
    "a subset with the sni of another host",
    ["gateway-sni-mismatch"],
    all({
        gwdr: dr2(
            "  subsets: [{ name: partner, trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: www.partner.example } } }]",
        ),
    }),
);
c(
    "http match on HTTPS port",
    ["route-not-for-port"],
    all({
        vs: vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 443 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 443 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }),
    }),
);
c(
    "a gateway match port other",
    ["route-not-for-server"],
    all({
        vs: vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 443 } } }]
    - match: [{ gateways: [partner], port: 80 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }),
    }),
);
c(
    "principals at a gateway in plaintext",
    ["authorization-unseen", "plaintext-to-gateway"],
    se() +
        gw({ port: "{ number: 80, name: http, protocol: HTTP }", tls: null }) +
        dr("gw", "egressgateway.egress.svc.cluster.local", "{ tls: { mode: DISABLE } }", {
            more: "  subsets: [{ name: partner }]",
        }) +
        vs({
            routes: `  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, subset: partner, port: { number: 80 } } }]
    - match: [{ gateways: [partner], port: 80 }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }) +
        dr("originate", "api.partner.example", orig) +
        secret() +
        `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: a, namespace: egress }
spec: { selector: { matchLabels: { istio: egressgateway } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }] }
`,
);
c("NONE behind gateway", ["gateway-without-name"], all({ se: se({ res: "NONE" }) }));
c(
    "HTTPRoute to another namespace without ReferenceGrant",
    ["reference-not-granted"],
    se() +
        `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: direct, namespace: shop }
spec: { parentRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: partner, namespace: egress }], rules: [{ backendRefs: [{ name: egress-istio, namespace: egress, port: 443 }] }] }
`,
);
const gapi = (l: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: egress, namespace: egress }
spec: { gatewayClassName: istio, listeners: [${l}] }
`;
const hr = (o: Values = {}) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: ${o.kind ?? "HTTPRoute"}
metadata: { name: forward, namespace: ${o.ns ?? "egress"} }
spec: { parentRefs: [${o.parent ?? "{ name: egress, namespace: egress }"}], hostnames: [${o.host ?? "api.partner.example"}], rules: [{ backendRefs: [{ kind: Hostname, group: networking.istio.io, name: api.partner.example, port: 443 }] }] }
`;
const lis = "{ name: http, hostname: api.partner.example, port: 80, protocol: HTTP }";
c(
    "sectionName missing",
    ["client-certificate-ignored", "route-not-for-server"],
    se() +
        gapi(lis) +
        hr({ parent: "{ name: egress, sectionName: https }" }) +
        dr("o", "api.partner.example", orig) +
        secret(),
);
c(
    "hostname not in listener",
    ["plaintext-to-gateway", "host-not-served"],
    se() + gapi(lis) + hr({ host: "www.partner.example" }) + dr("o", "api.partner.example", orig) + secret(),
);
c(
    "route elsewhere, from Same",
    ["plaintext-to-gateway", "host-not-served"],
    se() + gapi(lis) + hr({ ns: "shop" }) + dr("o", "api.partner.example", orig) + secret(),
);
c(
    "route elsewhere, from Selector",
    ["plaintext-to-gateway"],
    se() +
        gapi(
            lis.replace(
                " }",
                ", allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { a: b } } } } }",
            ),
        ) +
        hr({ ns: "shop" }) +
        dr("o", "api.partner.example", orig) +
        secret(),
);
c(
    "TLSRoute on HTTP listener",
    ["route-not-for-server"],
    se() + gapi(lis) + hr({ kind: "TLSRoute" }).replace("k8s.io/v1\n", "k8s.io/v1alpha3\n"),
);
c(
    "HTTPRoute on passthrough listener",
    ["plaintext-to-tls-port", "route-not-for-server"],
    se() +
        gapi("{ name: tls, hostname: api.partner.example, port: 443, protocol: TLS, tls: { mode: Passthrough } }") +
        hr(),
);
c(
    "GRPCRoute",
    ["plaintext-to-gateway"],
    se() + gapi(lis) + hr({ kind: "GRPCRoute" }) + dr("o", "api.partner.example", orig) + secret(),
);
c(
    "gateway api wildcard listener",
    ["plaintext-to-gateway"],
    se() +
        gapi(lis.replace("api.partner.example", "'*.partner.example'")) +
        hr() +
        dr("o", "api.partner.example", orig) +
        secret(),
);
c("gateway api: other class", ["destination-not-declared"], gapi(lis).replace("Name: istio", "Name: cilium") + hr());
c("gateway api: no origination", ["plaintext-to-tls-port"], se() + gapi(lis) + hr());
c("gateway api: hostname not declared", ["destination-not-declared"], gapi(lis) + hr());
c(
    "two rules v1beta1/v1",
    ["destination-rule-twice"],
    all() + dr("again", "api.partner.example", "{ tls: { mode: SIMPLE } }", { v: "v1beta1" }),
);
c(
    "MUTUAL with CA-only secret",
    ["credential-without-key"],
    all({
        secret: secret()
            .replace("type: kubernetes.io/tls", "type: Opaque")
            .replace("tls.crt: YQ==, tls.key: YQ==, ", ""),
    }),
);
c(
    "secret without key",
    ["credential-without-key"],
    all({ secret: secret().replace("type: kubernetes.io/tls", "type: Opaque").replace("tls.key: YQ==, ", "") }),
);
c(
    "generic keys",
    [],
    all({
        secret: secret()
            .replace("type: kubernetes.io/tls", "type: Opaque")
            .replace("tls.crt", "cert")
            .replace("tls.key", "key")
            .replace("ca.crt", "cacert"),
    }),
);
c(
    "tls.crt with cacert",
    [],
    all({ secret: secret().replace("type: kubernetes.io/tls", "type: Opaque").replace("ca.crt", "cacert") }),
);
c(
    "companion CA secret",
    [],
    all({ secret: secret().replace(", ca.crt: YQ==", "") }) +
        secret({ name: "client-cacert", type: "Opaque" }).replace("tls.crt: YQ==, tls.key: YQ==, ", ""),
);
c(
    "kubernetes:// credential",
    [],
    all({
        orig: dr(
            "originate",
            "api.partner.example",
            orig.replace("credentialName: client", "credentialName: 'kubernetes://client'"),
        ),
    }),
);
c("scheme in host", ["refused-by-istio"], se({ hosts: "'https://api.partner.example'" }));
c("port in host", ["refused-by-istio"], se({ hosts: "'api.partner.example:443'" }));
c(
    "ISTIO_MUTUAL on HTTP",
    ["refused-by-istio"],
    all({ gw: gw({ port: "{ number: 443, name: http, protocol: HTTP }" }) }),
);
c(
    "capitals",
    ["host-in-capitals"],
    se({ hosts: "API.partner.example", ports: "[{ number: 443, name: tls, protocol: TLS }]" }),
);
c(
    "Service lacks port",
    ["destination-port-not-declared"],
    all() +
        `---
apiVersion: v1
kind: Service
metadata: { name: egressgateway, namespace: egress }
spec: { selector: { istio: egressgateway }, ports: [{ name: http2, port: 80, targetPort: 8080 }] }
`,
);
c(
    "Service has port",
    [],
    all() +
        `---
apiVersion: v1
kind: Service
metadata: { name: egressgateway, namespace: egress }
spec: { selector: { istio: egressgateway }, ports: [{ name: https, port: 443, targetPort: 8443 }] }
`,
);
c(
    "server on targetPort",
    ["route-not-for-server"],
    all({ gw: gw({ port: "{ number: 8443, name: https, protocol: HTTPS }" }) }) +
        `---
apiVersion: v1
kind: Service
metadata: { name: egressgateway, namespace: egress }
spec: { selector: { istio: egressgateway }, ports: [{ name: https, port: 443, targetPort: 8443 }] }
`,
);
c(
    "gateway 443 passthrough with http route",
    ["plaintext-to-gateway", "route-not-for-server"],
    all({ gw: gw({ tls: "PASSTHROUGH" }), gwdr: dr2("  subsets: [{ name: partner }]") }),
);
c("wrong subset", ["subset-not-in-rule"], all({ gwdr: dr2(im.slice(0).replace("name: partner", "name: other")) }));
c(
    "tls route w/o mesh port",
    [],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        gw({ port: "{ number: 443, name: tls, protocol: TLS }", tls: "PASSTHROUGH" }) +
        vs({
            routes: `  tls:
    - match: [{ gateways: [mesh], sniHosts: [api.partner.example] }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, port: { number: 443 } } }]
    - match: [{ gateways: [partner], sniHosts: [api.partner.example] }]
      route: [{ destination: { host: api.partner.example, port: { number: 443 } } }]`,
        }),
);
c(
    "sni not in hosts",
    ["refused-by-istio"],
    se({ ports: "[{ number: 443, name: tls, protocol: TLS }]" }) +
        gw({ port: "{ number: 443, name: tls, protocol: TLS }", tls: "PASSTHROUGH" }) +
        vs({
            routes: `  tls:
    - match: [{ gateways: [mesh], sniHosts: [www.partner.example] }]
      route: [{ destination: { host: egressgateway.egress.svc.cluster.local, port: { number: 443 } } }]`,
        }),
);
c(
    "strict PeerAuthentication",
    [],
    all() +
        `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`,
);
c(
    "mesh policy deny-all + allow",
    [],
    all() +
        `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all, namespace: istio-system }
spec: {}
`,
);
c(
    "DENY paths at gateway http",
    [],
    all() +
        `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: d, namespace: egress }
spec: { selector: { matchLabels: { istio: egressgateway } }, action: DENY, rules: [{ to: [{ operation: { paths: [/admin*] , hosts: [api.partner.example] } }] }] }
`,
);
c(
    "openshift route etc unknown kinds",
    [],
    all() +
        `---
apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: r, namespace: egress }
spec: { host: a.example }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: client, namespace: egress }
spec: { secretName: client, issuerRef: { name: ca } , commonName: x }
`,
);
c(
    "flagger/argo Rollout etc",
    [],
    `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: r, namespace: shop }
spec: { template: { metadata: { labels: { app: a } }, spec: { containers: [] } } }
`,
);

describe("layouts near each other", () => {
    for (const [name, [rules, yaml]] of layouts) {
        it(`${name}: ${rules.length === 0 ? "nothing" : rules.join(", ")}`, () => {
            const found = review(loadAll(yaml)).findings.map(({ rule }) => rule);
            assert.deepEqual([...new Set(found)].sort(), [...rules].sort());
        });
    }
});
