import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kubectlIn, kubectlOnPath } from "../../cli/input/kubectl";
import { ProgramResult } from "../../cli/input/runProgram";
import { findOnPath } from "../../lab/engine/findOnPath";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { CALLERS, HOST, IMPOSTOR, ROUTE } from "../../lab/proof/program";
import { ProofContext } from "../../lab/proof/proofs";
import { ResolvedRoute } from "../../plan/egress/route/route";
import { routeObjects } from "../../plan/egress/route/routeEntries";
import { IstioKind, istioObject } from "../../plan/shared/kubernetesObject";
import { issue, keyPem } from "../support/certificates";
import { BAD, startBadPartner } from "../support/badPartner";
import { CommandRun, runCommand } from "../support/command";
import { localEnvironment } from "../support/localEnvironment";
import { startCaller } from "../support/pods";

const ROOT = join(__dirname, "../..");
/** The page that has the table of symptoms, wherever it is. */
const DOCUMENTATION = ["README.md", ...readdirSync(join(ROOT, "docs")).map((file) => `docs/${file}`)]
    .filter((file) => file.endsWith(".md"))
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join("\n");

/** Every symptom of the README's table, made on a real cluster and explained by the command. */
describe("mesh-egress explain on a real cluster", function () {
    this.timeout(300_000);

    let cluster: Cluster;
    let proof: ProofContext;
    let image: string;
    let nginxImage: string;
    let kubectl: (args: string[], input?: string) => Promise<ProgramResult>;
    let made: AnyObject[] = [];

    before(async function () {
        if (!findOnPath("kubectl")) {
            this.skip();
        }
        const environment = await localEnvironment(this);
        ({ cluster, context: proof } = environment);
        const { kubeconfig, context, settings } = environment.local;
        image = settings.curlImage;
        nginxImage = settings.nginxImage ?? "nginx:1.29";
        kubectl = kubectlIn(kubectlOnPath, { kubeconfig, context });
    });

    afterEach(async () => {
        for (const object of made.reverse()) {
            await cluster.remove(object);
        }
        made = [];
    });

    const explain = (host: string, from = `${CALLERS}/default`, ...args: string[]): Promise<CommandRun> =>
        runCommand(["explain", host, "--from", from, "--image", image, ...args], { kubectl });

    /** The explanation, once it is the expected one: proxies get their configuration a moment later. */
    const explained = (expected: RegExp, host: string, from?: string, ...args: string[]): Promise<CommandRun> => {
        let last: CommandRun | undefined;
        return waitFor(`an explanation like ${expected.source}`, 40, async () => {
            last = await explain(host, from, ...args);
            return last.code === 1 && expected.test(last.out) ? last : false;
        }).catch((error: unknown) => {
            throw new Error(`${String(error)}; the last one: ${last?.out} ${last?.err}`);
        });
    };

    async function apply(object: object): Promise<void> {
        made.push(object as AnyObject);
        await cluster.apply(object as AnyObject);
    }

    const byHand = (kind: IstioKind, name: string, spec: Record<string, unknown>) =>
        apply(istioObject(kind, { name, namespace: proof.gateway.namespace }, spec));

    /** The objects of a route in the layout of the package. */
    function routeOf(change: Partial<ResolvedRoute>) {
        return routeObjects({
            mode: "mutualTls",
            hosts: ["explain.partner.example"],
            allowFrom: [{ namespace: CALLERS, serviceAccounts: ["default"] }],
            hasGateway: true,
            hasMesh: false,
            hasCredential: true,
            gateway: { name: "egress-gateway", namespace: proof.gateway.namespace },
            trustDomain: "cluster.local",
            credential: ROUTE,
            address: proof.serverAddress,
            ...change,
        });
    }

    /** Those of a route, all but those of some kinds. */
    async function applyRoute(change: Partial<ResolvedRoute>, without: IstioKind[] = []): Promise<void> {
        for (const object of routeOf(change)) {
            if (!without.includes(object.kind as IstioKind)) {
                await apply(object);
            }
        }
    }

    const EXPLAINED = "explain.partner.example";

    it("finds nothing wrong with a call that works, and says which certificate is shown", async () => {
        await call(cluster, proof.caller, HOST);
        const { code, out } = await explain(HOST);
        assert.equal(code, 0, out);
        assert.match(out, /shows .*CN=.*, issued by /);
        assert.doesNotMatch(out, /PRIVATE KEY/);
    });

    it("makes a call of its own from a pod that is gone afterwards", async () => {
        const { code, out } = await explain(HOST, undefined, "--call");
        assert.equal(code, 0, out);
        assert.match(out, /The call was answered 200/);
        await waitFor("the pod to be gone", 30, async () => {
            const pods = await cluster.core.listNamespacedPod({
                namespace: CALLERS,
                labelSelector: "app.kubernetes.io/managed-by=mesh-egress-explain",
            });
            return pods.items.length === 0;
        });
    });

    it("503, the server's certificate is for other names", async () => {
        await call(cluster, proof.caller, IMPOSTOR);
        await explained(/not for the host[^]*Check the host/, IMPOSTOR);
    });

    it("503, the server's certificate is from another CA", async () => {
        const life = {
            notBefore: new Date(Date.now() - 3_600_000),
            notAfter: new Date(Date.now() + 30 * 24 * 3_600_000),
        };
        const authority = await issue({ subject: "CN=another authority", ca: true, ...life });
        const client = await issue({ subject: "CN=client", issuer: authority, usage: "client", ...life });
        await apply({
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "explain-other-ca", namespace: proof.gateway.namespace },
            type: "kubernetes.io/tls",
            stringData: {
                "tls.crt": client.certificate,
                "tls.key": keyPem(client.key),
                "ca.crt": authority.certificate,
            },
        });
        await applyRoute({ credential: "explain-other-ca" });
        await explained(/not from the CA of the credential[^]*serverCa/, EXPLAINED, undefined, "--call");
    });

    it("503, no connection", async () => {
        await applyRoute({ address: "192.0.2.1" });
        await explained(/cannot connect to the partner[^]*firewall/, EXPLAINED, undefined, "--call");
    });

    it("503, the credential is not there, first and later", async () => {
        await applyRoute({ credential: "explain-not-there" });
        await explained(/waits for the secret istio-egress\/explain-not-there|cluster_not_found/, EXPLAINED);
        await explained(/waits for the secret istio-egress\/explain-not-there[^]*EgressCredential/, EXPLAINED);
    });

    it("404, the gateway has no route", async () => {
        const gateway = `egress-gateway.${proof.gateway.namespace}.svc.cluster.local`;
        await byHand("VirtualService", "explain", {
            hosts: [EXPLAINED],
            gateways: ["mesh"],
            http: [{ route: [{ destination: { host: gateway, port: { number: 443 } } }] }],
        });
        await explained(/404 \(route_not_found\)[^]*Create an EgressRoute/, EXPLAINED);
    });

    it("403, no route allows the caller", async () => {
        await applyRoute({ allowFrom: [{ namespace: CALLERS, serviceAccounts: ["other"] }] });
        await explained(/answers 403[^]*allowFrom/, EXPLAINED);
    });

    it("403, no certificate is for the caller", async () => {
        await applyRoute({
            hasCredential: false,
            credential: "",
            allowFrom: [{ namespace: CALLERS, serviceAccounts: ["default", "other"] }],
            credentialCallers: [{ namespace: CALLERS, serviceAccounts: ["other"] }],
            credentials: [ROUTE],
        });
        await explained(/Allowed: payments\/other[^]*credentials/, EXPLAINED);
    });

    it("502, the sidecar does not know the host", async () => {
        await explained(/No route declares undeclared\.example[^]*EgressRoute/, "undeclared.example");
        await applyRoute({ allowFrom: [{ namespace: "orders" }] });
        await explained(/not for namespace payments[^]*allowFrom/, EXPLAINED);
    });

    it("400, the partner got no client certificate", async () => {
        await applyRoute(
            { hosts: [HOST.replace("mtls", "simple")], mode: "simpleTls", hasCredential: false, credential: "" },
            ["DestinationRule"],
        );
        const host = HOST.replace("mtls", "simple");
        await byHand("DestinationRule", "explain-simple", {
            host,
            exportTo: ["."],
            trafficPolicy: { tls: { mode: "SIMPLE", credentialName: ROUTE, sni: host, subjectAltNames: [HOST] } },
        });
        await explained(/got no client certificate[^]*mutualTls/, host, undefined, "--call");
    });

    it("400, the partner does not trust the client certificate", async () => {
        const life = {
            notBefore: new Date(Date.now() - 3_600_000),
            notAfter: new Date(Date.now() + 30 * 24 * 3_600_000),
        };
        const authority = await issue({ subject: "CN=another authority", ca: true, ...life });
        const client = await issue({ subject: "CN=client", issuer: authority, usage: "client", ...life });
        const { data = {} } = await cluster.core.readNamespacedSecret({
            name: ROUTE,
            namespace: proof.gateway.namespace,
        });
        await apply({
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "explain-untrusted", namespace: proof.gateway.namespace },
            type: "kubernetes.io/tls",
            stringData: {
                "tls.crt": client.certificate,
                "tls.key": keyPem(client.key),
                "ca.crt": Buffer.from(data["ca.crt"], "base64").toString(),
            },
        });
        await applyRoute({ credential: "explain-untrusted" }, ["DestinationRule"]);
        await byHand("DestinationRule", "explain-untrusted", {
            host: EXPLAINED,
            exportTo: ["."],
            trafficPolicy: {
                tls: { mode: "MUTUAL", credentialName: "explain-untrusted", sni: EXPLAINED, subjectAltNames: [HOST] },
            },
        });
        await explained(/does not trust the client certificate[^]*clientCa/, EXPLAINED, undefined, "--call");
    });

    it("400, plaintext where the partner wants TLS", async () => {
        await applyRoute({}, ["DestinationRule"]);
        await byHand("DestinationRule", "explain-plaintext", {
            host: EXPLAINED,
            exportTo: ["."],
            trafficPolicy: { tls: { mode: "DISABLE" } },
        });
        await explained(/port 443 in plaintext[^]*pulumi up --refresh/, EXPLAINED);
    });

    it("503, the route's DestinationRule is gone", async () => {
        await applyRoute({}, ["DestinationRule"]);
        await explained(/No DestinationRule is for explain\.partner\.example[^]*pulumi up --refresh/, EXPLAINED);
    });

    it("curl: (35), the application speaks TLS itself", async () => {
        await explained(/curl: \(35\)[^]*Call http:\/\/mtls\.partner\.example/, `https://${HOST}`);
    });

    describe("of a partner that behaves badly", () => {
        const PARTNER = "explain-partner";
        const CREDENTIAL = "explain-refused";
        const host = (what: keyof typeof BAD) => `${what}.explain.example`;
        const EXPECTED = {
            refuses12: /503 URX,UF, .*ALERT_UNKNOWN_CA.*refuses the client certificate[^]*clientCa/,
            refuses13: /503 UC.*With TLS 1\.3, this is also how it refuses the client certificate/,
            ends: /503 UC.*ended the connection after the handshake[^]*Why a partner ends connections/,
            silent: /504 UT.*longer than the route waits[^]*timeoutSeconds/,
        } satisfies Record<keyof typeof BAD, RegExp>;
        const kinds = Object.keys(EXPECTED) as (keyof typeof BAD)[];
        /** All of them are asked for at once, because each takes a pod and many seconds. */
        const asked = new Map<keyof typeof BAD, Promise<unknown>>();
        const own: AnyObject[] = [];

        before(async () => {
            const life = {
                notBefore: new Date(Date.now() - 3_600_000),
                notAfter: new Date(Date.now() + 30 * 24 * 3_600_000),
            };
            const [ca, other] = await Promise.all(
                ["CN=partner CA", "CN=another authority"].map((subject) => issue({ subject, ca: true, ...life })),
            );
            const [server, client] = await Promise.all([
                issue({ subject: "CN=partner", issuer: ca, hosts: kinds.map(host), usage: "server", ...life }),
                issue({ subject: "CN=client", issuer: other, usage: "client", ...life }),
            ]);
            const address = await startBadPartner(cluster, PARTNER, nginxImage, server, ca);
            own.push({
                apiVersion: "v1",
                kind: "Secret",
                metadata: { name: CREDENTIAL, namespace: proof.gateway.namespace },
                type: "kubernetes.io/tls",
                stringData: { "tls.crt": client.certificate, "tls.key": keyPem(client.key), "ca.crt": ca.certificate },
            });
            for (const kind of kinds) {
                const route = { hosts: [host(kind)], address, port: BAD[kind], credential: CREDENTIAL };
                own.push(
                    ...routeOf({ ...route, timeoutSeconds: kind === "silent" ? 1 : 0 }).map(
                        (object: object) => object as AnyObject,
                    ),
                );
            }
            for (const object of own) {
                await cluster.apply(object);
            }
            for (const kind of kinds) {
                const answer = explained(EXPECTED[kind], host(kind), undefined, "--call");
                // Its own test awaits it, perhaps after it has failed.
                answer.catch(() => undefined);
                asked.set(kind, answer);
            }
        });

        after(async () => {
            await Promise.allSettled(asked.values());
            for (const object of own.reverse()) {
                await cluster.remove(object);
            }
            await cluster?.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name: PARTNER } });
        });

        it("503, TLS 1.2 and an alert about the client certificate", () => asked.get("refuses12"));

        it("503, TLS 1.3 and an alert that comes after the handshake", () => asked.get("refuses13"));

        it("503, a partner that ends the connection", () => asked.get("ends"));

        it("504, a partner that is too slow", () => asked.get("silent"));
    });

    it("no answer at all, a policy that is written by hand lets the caller reach only DNS", async () => {
        await apply({
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "explain-dns-only", namespace: CALLERS },
            spec: {
                podSelector: {},
                policyTypes: ["Egress"],
                egress: [{ ports: [{ port: 53, protocol: "UDP" }] }],
            },
        });
        await explained(
            /payments\/explain-dns-only does not allow egress from namespace payments to the gateway's port 8443[^]*by hand/,
            HOST,
        );
    });

    it("no answer at all, a lockdown does not let the caller's namespace in", async () => {
        await apply({
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "explain-lockdown", namespace: proof.gateway.namespace },
            spec: {
                podSelector: { matchLabels: { istio: "egress-gateway" } },
                policyTypes: ["Ingress"],
                // The client for Node calls the field by another name.
                ingress: [
                    {
                        _from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "orders" } } }],
                        ports: [{ port: 8443 }],
                    },
                ],
            },
        });
        await explained(
            /istio-egress\/explain-lockdown does not allow ingress from namespace payments[^]*allowFrom/,
            HOST,
        );
    });

    it("no HTTP answer, the caller has no sidecar", async () => {
        const pod = await startCaller(cluster, "outside", "explain-outside", image);
        made.push({ apiVersion: "v1", kind: "Pod", metadata: { name: pod.name, namespace: "outside" } });
        await explained(/has no sidecar[^]*istio-injection=enabled/, HOST, "outside/default");
    });

    it("has a test for each symptom that the documentation tells", () => {
        for (const symptom of [
            "SAN_matcher",
            "delayed connect error",
            "Secret is not supplied by SDS",
            "cluster_not_found",
            "route_not_found",
            "no route from this service account",
            "block_all",
            "No required SSL certificate was sent",
            "The SSL certificate error",
            "The plain HTTP request was sent to HTTPS port",
            "SSLV3_ALERT_",
            "connection termination",
            "upstream request timeout",
            "curl: (35)",
        ]) {
            assert.ok(DOCUMENTATION.includes(symptom), `the documentation has no ${symptom}`);
        }
    });
});
