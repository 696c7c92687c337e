import { RawObject } from "../../review/rawObject";
import { MARKS } from "./fuzz";
import { HTTP_TO_TLS, destinationRule, gateway, server, serviceEntry, service, virtualService } from "./objects";

/*
 * An egress gateway as people write it by hand, with a secret in every place where real objects have one: where it
 * belongs, and where it was put by mistake.
 */

const HOST = "api.partner.example";
const { pem, pemInBase64, token, password } = MARKS;

function object(apiVersion: string, kind: string, name: string, rest: object): RawObject {
    const [namespace, own] = name.split("/");
    return { apiVersion, kind, metadata: { namespace, name: own }, ...rest };
}

/** The caller's application, with a password in its environment and Istio's annotations for files of the sidecar. */
const DEPLOYMENT = object("apps/v1", "Deployment", "payments/billing", {
    metadata: {
        namespace: "payments",
        name: "billing",
        annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": `{"env":[{"name":"PASSWORD","value":"${password}"}]}`,
        },
    },
    spec: {
        template: {
            metadata: {
                labels: { app: "billing" },
                annotations: {
                    "sidecar.istio.io/userVolume": `[{"name":"certs","secret":{"secretName":"partner"},"key":"${pemInBase64}"}]`,
                    "sidecar.istio.io/userVolumeMount": `[{"name":"certs","mountPath":"/etc/certs"}]`,
                    "proxy.istio.io/config": `proxyMetadata: { TOKEN: "${token}" }`,
                },
            },
            spec: {
                serviceAccountName: "billing",
                containers: [
                    {
                        name: "app",
                        env: [{ name: "PASSWORD", value: password }],
                        args: [`--token=${token}`, `--key=${pem}`],
                    },
                ],
            },
        },
    },
});

export const SECRET_OBJECTS: RawObject[] = [
    object("v1", "Namespace", "/payments", {
        metadata: { name: "payments", labels: { "istio-injection": "enabled" } },
    }),
    DEPLOYMENT,
    serviceEntry("istio-egress/partner", [HOST], [HTTP_TO_TLS]),
    serviceEntry("payments/other", ["other.partner.example"], [HTTP_TO_TLS]),
    service("istio-egress/egress-gateway", {
        selector: { istio: "egress" },
        ports: [{ name: "https", port: 443, targetPort: 8443 }],
    }),
    gateway("istio-egress/egress-gateway", [
        { ...server(443, "HTTPS", [HOST]), tls: { mode: "SIMPLE", privateKey: pem, serverCertificate: pem } },
    ]),
    virtualService("istio-egress/partner", [HOST], ["mesh", "egress-gateway"], {
        http: [
            {
                match: [{ gateways: ["mesh"], headers: { "x-api-key": { exact: token } } }],
                headers: { request: { set: { authorization: `Bearer ${token}` } } },
                route: [
                    { destination: { host: "egress-gateway.istio-egress.svc.cluster.local", port: { number: 443 } } },
                ],
            },
            {
                match: [{ gateways: ["egress-gateway"], queryParams: { password: { exact: password } } }],
                rewrite: { uri: `/?token=${token}` },
                route: [
                    {
                        destination: { host: HOST, port: { number: 80 } },
                        headers: { request: { add: { "x-client-key": pem, "x-password": password } } },
                    },
                ],
            },
        ],
    }),
    // Istio wants paths of files here.
    destinationRule("istio-egress/partner", HOST, {
        mode: "MUTUAL",
        clientCertificate: pem,
        privateKey: pem,
        caCertificates: pem,
        sni: HOST,
    }),
    destinationRule("payments/other", "other.partner.example", { mode: "MUTUAL", credentialName: "partner" }),
    object("v1", "Secret", "istio-egress/partner", {
        type: "kubernetes.io/tls",
        data: { "tls.key": pemInBase64, "tls.crt": pemInBase64, "ca.crt": pemInBase64 },
    }),
    object("v1", "Secret", "payments/partner", { stringData: { key: pem, cert: pem, cacert: pem, password, token } }),
    object("v1", "ConfigMap", "payments/settings", {
        data: { "client.key": pem, "settings.json": `{"password":"${password}","token":"${token}"}` },
        binaryData: { key: pemInBase64 },
    }),
    object("v1", "ConfigMap", "istio-system/istio", {
        data: {
            mesh: `defaultConfig:\n  proxyMetadata:\n    TOKEN: "${token}"\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n`,
        },
    }),
    object("helm.sh/v3", "Release", "payments/chart", { values: { tls: { key: pem }, auth: { password, token } } }),
    object("security.istio.io/v1", "AuthorizationPolicy", "istio-egress/partner", {
        spec: {
            selector: { matchLabels: { istio: "egress" } },
            rules: [
                {
                    from: [{ source: { principals: ["cluster.local/ns/payments/sa/billing"] } }],
                    to: [{ operation: { hosts: [HOST] } }],
                    when: [{ key: "request.headers[authorization]", values: [`Bearer ${token}`] }],
                },
            ],
        },
    }),
    object("security.istio.io/v1", "RequestAuthentication", "istio-egress/jwt", {
        spec: { jwtRules: [{ issuer: "https://issuer.example", jwks: `{"keys":[{"k":"${pemInBase64}"}]}` }] },
    }),
    object("networking.istio.io/v1alpha3", "EnvoyFilter", "istio-egress/key", {
        spec: {
            configPatches: [
                {
                    applyTo: "CLUSTER",
                    patch: {
                        value: {
                            tls_certificates: [
                                { private_key: { inline_string: pem }, password: { inline_string: password } },
                            ],
                        },
                    },
                },
            ],
        },
    }),
    object("gateway.networking.k8s.io/v1", "HTTPRoute", "payments/route", {
        spec: {
            parentRefs: [{ kind: "ServiceEntry", group: "networking.istio.io", name: "other" }],
            rules: [
                {
                    filters: [
                        {
                            type: "RequestHeaderModifier",
                            requestHeaderModifier: { set: [{ name: "authorization", value: `Bearer ${token}` }] },
                        },
                    ],
                    backendRefs: [{ kind: "Hostname", group: "networking.istio.io", name: "other.partner.example" }],
                },
            ],
        },
    }),
];

/** What kubectl's annotation adds to an object: the whole of it once more, as text. */
export function asApplied(one: RawObject): RawObject {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(one) };
    return { ...one, metadata: { ...(one.metadata as object), annotations } };
}
