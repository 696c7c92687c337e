import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readAccessLog } from "../../../../cli/explain/accessLog";
import { readProxyConfig } from "../../../../cli/explain/envoy";
import { explainCall } from "../../../../cli/explain/explainCall";
import { MadeCall, PodState, SecretState, Snapshot } from "../../../../cli/explain/snapshot";
import { RawObject } from "../../../../review/rawObject";
import { DumpedCluster, DumpedRoute, configDump } from "../../../support/configDump";
import { HTTP_TO_TLS, serviceEntry, virtualService } from "../../../support/objects";

const HOST = "api.partner.example";
const TO_GATEWAY = "outbound|443||egress-gateway.istio-egress.svc.cluster.local";
const TO_HOST = `outbound|80||${HOST}`;
const NOW = new Date("2026-06-15T12:00:00Z");
const YEAR = 365 * 24 * 3_600_000;

const pod = (namespace: string, name: string, rest: Partial<PodState> = {}): PodState => ({
    namespace,
    name,
    serviceAccount: "billing",
    labels: {},
    isReady: true,
    hasProxy: true,
    ...rest,
});
const certificate = (subject: string, rest = {}) => ({
    subject,
    issuer: "CN=CA",
    notBefore: new Date(NOW.getTime() - YEAR),
    notAfter: new Date(NOW.getTime() + YEAR),
    ...rest,
});
const SECRET: SecretState = {
    name: "partner",
    keys: ["tls.crt", "tls.key", "ca.crt"],
    certificate: certificate("CN=billing"),
    authorities: [certificate("CN=partner CA")],
};
const TLS: DumpedCluster = {
    name: TO_HOST,
    tls: { certificate: "partner", ca: "partner-cacert", sni: HOST },
    rule: "api-partner-example",
};
const LINE = (status: string, details: string, failure = "-") =>
    `[2026-06-15T11:59:00.000Z] "GET /?a HTTP/2" ${status} ${details} - "${failure}" 0 0 1 1 "10.0.0.1" "curl/8" "id" "${HOST}" "192.0.2.1:443" ${TO_HOST} 10.0.0.2:1 10.0.0.2:8443 10.0.0.1:2 - -`;

interface Change {
    host?: string;
    isTls?: boolean;
    from?: { namespace: string; serviceAccount: string };
    objects?: RawObject[];
    callerPod?: PodState | null;
    sidecar?: DumpedRoute[];
    sidecarClusters?: DumpedCluster[];
    gatewayPods?: PodState[];
    routes?: DumpedRoute[];
    clusters?: DumpedCluster[];
    warming?: string[];
    secrets?: SecretState[];
    allowed?: Snapshot["allowed"];
    log?: string[];
    made?: MadeCall;
}

/** A call that works, with what a test changes of it. */
function snapshot(change: Change = {}): Snapshot {
    const { host = HOST, isTls = false, from = { namespace: "payments", serviceAccount: "billing" } } = change;
    const objects = change.objects ?? [
        serviceEntry("istio-egress/partner", [HOST], [HTTP_TO_TLS], { exportTo: [".", "payments"] }),
        virtualService("istio-egress/partner", [HOST], ["mesh"], { exportTo: [".", "payments"], http: [] }),
    ];
    const gatewayPod = pod("istio-egress", "egress-gateway-1", { labels: { istio: "egress-gateway" } });
    return {
        question: { host, port: isTls ? 443 : 80, isTls, from },
        now: NOW,
        objects,
        caller: {
            pod: change.callerPod === null ? undefined : (change.callerPod ?? pod("payments", "billing-1")),
            proxy: readProxyConfig(
                configDump({
                    routes: change.sidecar ?? [{ host: HOST, port: 80, cluster: TO_GATEWAY }],
                    clusters: change.sidecarClusters,
                }),
            ),
        },
        gateway: {
            name: "egress-gateway",
            namespace: "istio-egress",
            port: 443,
            podPort: 8443,
            pods: change.gatewayPods ?? [gatewayPod],
            proxy: readProxyConfig(
                configDump({
                    routes: change.routes ?? [{ host: HOST, port: 443, atGateway: true, cluster: TO_HOST }],
                    clusters: change.clusters ?? [TLS],
                    secrets: ["partner", "partner-cacert"],
                    warming: change.warming,
                }),
            ),
            secrets: change.secrets ?? [SECRET],
            log: readAccessLog((change.log ?? [LINE("200 -", "via_upstream")]).join("\n")),
        },
        allowed: change.allowed ?? [{ namespace: "payments", serviceAccounts: ["billing"] }],
        made: change.made,
    };
}

/** The title of the first wrong step, what was seen there, and the fix. */
function wrong(change: Change): string {
    const step = explainCall(snapshot(change)).wrong;
    return step ? `${step.title} | ${step.seen} | ${step.fix} | ${step.command ?? ""}` : "nothing is wrong";
}

const networkPolicy = (namespace: string, spec: object): RawObject => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "lockdown", namespace },
    spec,
});

describe("explainCall", () => {
    it("finds nothing wrong with a call that works, and says which certificate is shown until when", () => {
        const { steps, wrong: none } = explainCall(snapshot());
        assert.equal(none, undefined);
        assert.ok(
            steps.every(({ result }) => result === "right"),
            JSON.stringify(steps, null, 1),
        );
        assert.match(
            steps.map(({ seen }) => seen).join(" "),
            /shows CN=billing, issued by CN=CA, until 2027-06-15 12:00 UTC/,
        );
    });

    for (const [what, change, expected] of [
        ["no pod of the caller", { callerPod: null }, /^The caller runs.*No running pod.*Check the name/],
        [
            "a caller without a sidecar",
            { callerPod: pod("payments", "billing-1", { hasProxy: false }) },
            /has no sidecar.*istio-injection=enabled/,
        ],
        ["a host of no route", { sidecar: [], objects: [] }, /knows the host.*No route declares.*502.*EgressRoute/],
        [
            "a caller's namespace that allowFrom does not have",
            { sidecar: [], from: { namespace: "orders", serviceAccount: "billing" } },
            /not for namespace orders.*allowFrom/,
        ],
        [
            "a Sidecar that narrows what the caller sees",
            {
                sidecar: [],
                objects: [
                    ...snapshot().objects,
                    {
                        apiVersion: "networking.istio.io/v1",
                        kind: "Sidecar",
                        metadata: { name: "narrow", namespace: "payments" },
                        spec: { egress: [{ hosts: ["./*"] }] },
                    },
                ],
            },
            /Sidecar payments\/narrow limits/,
        ],
        ["an application that speaks TLS itself", { isTls: true }, /curl: \(35\).*Call http:\/\/api\.partner\.example/],
        [
            "a sidecar that sends plaintext to the partner",
            { sidecar: [{ host: HOST, port: 80, cluster: TO_HOST }], sidecarClusters: [{ name: TO_HOST }] },
            /in plaintext.*plain HTTP request.*pulumi up --refresh/,
        ],
        [
            "a lockdown that does not let the caller's namespace in",
            {
                objects: [
                    ...snapshot().objects,
                    networkPolicy("istio-egress", {
                        podSelector: {},
                        policyTypes: ["Ingress"],
                        ingress: [
                            {
                                from: [
                                    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "orders" } } },
                                ],
                            },
                        ],
                    }),
                ],
            },
            /istio-egress\/lockdown does not allow ingress from namespace payments.*no answer at all.*allowFrom/,
        ],
        [
            "a policy of the caller's namespace that lets it reach only DNS",
            {
                objects: [
                    ...snapshot().objects,
                    networkPolicy("payments", {
                        podSelector: {},
                        policyTypes: ["Egress"],
                        egress: [{ ports: [{ port: 53, protocol: "UDP" }] }],
                    }),
                ],
            },
            /payments\/lockdown does not allow egress from namespace payments to the gateway's port 8443.*written by hand.*kubectl get networkpolicy -n payments lockdown/,
        ],
        [
            "two policies of the gateway's namespace that keep it from the partner",
            {
                objects: [
                    ...snapshot().objects,
                    ...["one", "two"].map((name) => ({
                        ...networkPolicy("istio-egress", {
                            podSelector: {},
                            policyTypes: ["Egress"],
                            egress: [{ to: [{ podSelector: {} }] }],
                        }),
                        metadata: { name, namespace: "istio-egress" },
                    })),
                ],
            },
            /istio-egress\/one, istio-egress\/two do not allow egress from the gateway to port 443.*gatewayEgress/,
        ],
        ["a gateway without a pod", { gatewayPods: [] }, /The gateway is ready.*No pod/],
        [
            "a gateway whose pod is not ready",
            { gatewayPods: [pod("istio-egress", "g", { isReady: false, reason: "ImagePullBackOff" })] },
            /ImagePullBackOff.*kubectl describe/,
        ],
        ["a gateway without the route", { routes: [] }, /404 \(route_not_found\).*Create an EgressRoute/],
        ["a route whose cluster is missing", { clusters: [] }, /cluster_not_found/],
        ["a caller that no route allows", { allowed: [] }, /answers 403.*allowFrom/],
        [
            "a caller without a certificate of its own",
            {
                routes: [
                    {
                        host: HOST,
                        port: 443,
                        atGateway: true,
                        cluster: TO_HOST,
                        identity: ".*URI=spiffe://.*/sa/other",
                    },
                    { host: HOST, port: 443, atGateway: true, directStatus: 403 },
                ],
            },
            /none for payments\/billing.*credentials/,
        ],
        [
            "a credential that is not there",
            { secrets: [] },
            /waits for the secret istio-egress\/partner.*EgressCredential/,
        ],
        ["a credential without a CA", { secrets: [{ ...SECRET, authorities: [] }] }, /no CA under ca\.crt.*serverCa/],
        [
            "a client certificate that has expired",
            { secrets: [{ ...SECRET, certificate: certificate("CN=billing", { notAfter: NOW }) }] },
            /CN=billing expired at 2026-06-15 12:00 UTC/,
        ],
        [
            "a CA that has expired",
            { secrets: [{ ...SECRET, authorities: [certificate("CN=old CA", { notAfter: NOW })] }] },
            /CN=old CA.*current CA/,
        ],
        ["a gateway that sends plaintext", { clusters: [{ name: TO_HOST }] }, /gateway calls port 443 in plaintext/],
        [
            "a DestinationRule that is gone",
            { clusters: [{ name: TO_HOST, tls: {}, rule: "egress-gateway.tls-by-default" }] },
            /No DestinationRule is for.*pulumi up --refresh/,
        ],
        [
            "a server whose certificate is for other names",
            {
                log: [
                    LINE(
                        "503 URX,UF",
                        "upstream_reset_before_response_started{remote_connection_failure|TLS_error}",
                        "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_verify_SAN_list_SAN_matcher",
                    ),
                ],
            },
            /503 URX,UF.*not for the host.*Check the host/,
        ],
        [
            "a server whose certificate is from another CA",
            {
                log: [
                    LINE(
                        "503 URX,UF",
                        "x",
                        "TLS_error:CERTIFICATE_VERIFY_FAILED:unable_to_get_local_issuer_certificate",
                    ),
                ],
            },
            /not from the CA.*serverCa/,
        ],
        [
            "no connection",
            {
                log: [
                    LINE(
                        "503 URX,UF",
                        "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}",
                        "delayed_connect_error:_Connection_refused",
                    ),
                ],
            },
            /cannot connect to the partner/,
        ],
        [
            "an alert of TLS 1.2",
            {
                log: [
                    LINE(
                        "503 URX,UF",
                        "upstream_reset_before_response_started{remote_connection_failure|x}",
                        "TLS_error:|268436501:SSL_routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED:TLS_error_end",
                    ),
                ],
            },
            /refuses the client certificate.*clientCa/,
        ],
        [
            "a connection that the partner ends",
            { log: [LINE("503 UC", "upstream_reset_before_response_started{connection_termination}")] },
            /ended the connection after the handshake.*Why a partner ends connections/,
        ],
        [
            "a partner that is too slow",
            { log: [LINE("504 UT", "response_timeout")] },
            /longer than the route waits.*timeoutSeconds/,
        ],
        [
            "a policy that somebody wrote by hand",
            { log: [LINE("403 -", "rbac_access_denied_matched_policy[none]")] },
            /no route allows it.*allowFrom/,
        ],
        [
            "no certificate that the partner takes",
            {
                made: {
                    status: 400,
                    body: "<center>No required SSL certificate was sent</center>",
                    error: "",
                    atGateway: readAccessLog(LINE("400 -", "via_upstream"))[0],
                },
            },
            /got no client certificate/,
        ],
        [
            "a certificate that the partner does not trust",
            {
                made: {
                    status: 400,
                    body: "<center>The SSL certificate error</center>",
                    error: "",
                    atGateway: readAccessLog(LINE("400 -", "via_upstream"))[0],
                },
            },
            /does not trust the client certificate.*clientCa/,
        ],
        [
            "a name that the caller cannot resolve",
            { made: { status: 0, body: "", error: "curl: (6) Could not resolve host: api.partner.example" } },
            /cannot resolve the host's name.*DNS on port 53/,
        ],
        [
            "a call without an answer",
            { made: { status: 0, body: "", error: "curl: (28) timed out" } },
            /no HTTP answer: curl: \(28\)/,
        ],
    ] as [string, Change, RegExp][]) {
        it(`explains ${what}, and says what to do`, () => {
            assert.match(wrong(change), expected);
        });
    }

    it("has a reason of its own for each line of the page of symptoms that the gateway logs", () => {
        const page = readFileSync(join(__dirname, "../../../../docs/operations.md"), "utf8");
        const rows = [...page.matchAll(/^\| (\d{3}), ([^|]*)\| ([^|]*)\|/gm)];
        assert.ok(rows.length > 10, "the page has its table");
        const reasons = rows
            .filter(([, , , log]) => /^[`"]/.test(log))
            .map(([, status, answer, log]) => {
                const [, flags = "-"] = /"([A-Z,]+)"/.exec(log) ?? [];
                const details = /`([a-z_]+(?:\[none\])?)`/.exec(log)?.[1] ?? "via_upstream";
                const texts = [...answer.matchAll(/`([^`]+)`/g)].map(([, text]) => text);
                const atGateway = readAccessLog(
                    LINE(`${status} ${flags}`, details, texts[0]?.replaceAll(" ", "_") ?? "-"),
                )[0];
                const made = { status: Number(status), body: texts[0] ?? "", error: "", atGateway };
                return [answer, wrong({ made })];
            });
        assert.deepEqual(
            reasons.filter(([, reason]) => /nothing is wrong|or the connection to it, failed/.test(reason)),
            [],
        );
    });

    describe("of policies", () => {
        const seen = (change: Partial<Snapshot>) => {
            const { steps } = explainCall({ ...snapshot(), ...change });
            const { result, seen: said } = steps.find(({ title }) => title.startsWith("NetworkPolicies"))!;
            return `${result}: ${said}`;
        };
        const own = networkPolicy("payments", { podSelector: {}, policyTypes: ["Egress"], egress: [{}] });
        const others = [1, 2, 3, 4].map((number) => ({
            apiVersion: "cilium.io/v2",
            kind: "CiliumNetworkPolicy",
            metadata: { name: `c${number}`, namespace: "payments" },
            spec: {},
        }));

        it("takes Kubernetes' own that allow the call for right", () => {
            assert.equal(seen({ objects: [own] }), "right: None of them blocks the call.");
        });

        it("names those of other kinds, which it does not read", () => {
            assert.match(
                seen({ objects: others.slice(0, 1) }),
                /^unknown: There are no NetworkPolicies\. Not checked.*payments\/c1\.$/,
            );
            assert.match(seen({ objects: [own, ...others] }), /^unknown: None of them.*c1, .*c2, .*c3 and 1 more\.$/);
        });

        it("looks at the caller's where the call goes past every gateway", () => {
            const closed = networkPolicy("payments", { podSelector: {}, policyTypes: ["Egress"] });
            const past = { gateway: undefined };
            assert.match(
                seen({ ...past, objects: [closed] }),
                /^wrong: payments\/lockdown does not allow egress from namespace payments to port 80 outside of the cluster/,
            );
            assert.match(seen({ ...past, objects: [own] }), /^right: /);
        });
    });

    it("stops at the first wrong step", () => {
        const { steps } = explainCall(snapshot({ allowed: [], secrets: [] }));
        assert.equal(steps.at(-1)?.title, "The caller is allowed");
    });

    describe("of a host below a wildcard", () => {
        const WILDCARD = "*.partner.example";
        const TO_WILDCARD = `outbound|80||${WILDCARD}`;
        const below: Change = {
            host: "any.partner.example",
            objects: [
                serviceEntry("istio-egress/wild", [WILDCARD], [HTTP_TO_TLS], { exportTo: [".", "payments"] }),
                virtualService("istio-egress/wild", [WILDCARD], ["mesh"], { exportTo: [".", "payments"], http: [] }),
            ],
            sidecar: [{ host: WILDCARD, port: 80, cluster: TO_GATEWAY }],
            routes: [{ host: WILDCARD, port: 443, atGateway: true, cluster: TO_WILDCARD }],
            clusters: [{ ...TLS, name: TO_WILDCARD, tls: { certificate: "partner", ca: "partner-cacert" } }],
        };

        it("finds nothing wrong with a call that works", () => {
            assert.equal(wrong(below), "nothing is wrong");
        });

        it("tells who may call it", () => {
            assert.match(wrong({ ...below, allowed: [] }), /answers 403.*allowFrom/);
        });

        it("follows the route of the host's own where there is one, as Envoy does", () => {
            const own = { host: "any.partner.example", port: 443, atGateway: true, cluster: "outbound|80||gone" };
            for (const routes of [
                [...(below.routes ?? []), own],
                [own, ...(below.routes ?? [])],
            ]) {
                assert.match(wrong({ ...below, routes }), /not the cluster outbound\|80\|\|gone behind it/);
            }
        });

        it("takes the domain itself and other domains for unknown", () => {
            for (const host of ["partner.example", "any.other.example"]) {
                assert.match(wrong({ ...below, host }), /No route declares/);
            }
        });
    });

    it("says what it could not look at instead of taking it for right", () => {
        const { question, now, objects } = snapshot();
        const { steps } = explainCall({ question: { ...question, from: undefined }, now, objects });
        assert.ok(steps.every(({ result }) => result === "unknown"));
    });
});
