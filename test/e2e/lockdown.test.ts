import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as k8s from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, Ran, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { proxyPage } from "../../lab/proof/proxy";
import { checkScript } from "../../plan/egress/lockdown/enforcementCheck";
import { refusalScript } from "../../plan/egress/lockdown/refusalCheck";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import {
    ADMINISTRATOR,
    ADMINISTRATORS,
    BILLING,
    CALLING,
    DEVELOPER,
    GATEWAY,
    HOST,
    IDLE,
    OPEN,
    REPORTING,
    SERVER_NAMESPACE,
    lockdownProgram,
} from "../support/lockdown";
import { PodTemplate, WORKLOAD_RULES, deployment, kinds, pod, template } from "../support/workloads";

/** A schedule whose time does not come during the test. */
const NEVER = "0 0 29 2 *";

const GATEWAY_HOST = `${GATEWAY.name}.${GATEWAY.namespace}.svc.cluster.local`;

describe("a lockdown on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let image: string;
    let istiod: string;
    let billing: PodRef;
    let reporting: PodRef;
    let other: PodRef;
    let idle: PodRef;
    let outsider: PodRef;
    /** Where the API server is. */
    let controlPlaneEgress: string[];

    before(async function () {
        environment = await localEnvironment(this);
        const { engine, plugins, local } = environment;
        ({ cluster } = environment);
        image = local.settings.curlImage;
        istiod = `istiod.${local.settings.mesh.namespace ?? "istio-system"}.svc`;
        const { subsets } = await cluster.core.readNamespacedEndpoints({ name: "kubernetes", namespace: "default" });
        controlPlaneEgress = subsets?.flatMap(({ addresses = [] }) => addresses.map(({ ip }) => `${ip}/32`)) ?? [];
        const program = lockdownProgram(local, { controlPlaneEgress, checkSchedule: NEVER });
        stack = await openProofStack(engine, plugins, local, "lockdown", program);
        await stack.up({ refresh: true, ...listening });
        [billing, reporting, other, idle, outsider] = await Promise.all([
            start("billing", CALLING, BILLING),
            start("reporting", CALLING, REPORTING),
            start("other", CALLING),
            start("idle", IDLE),
            start("outsider", OPEN),
        ]);
    });

    after(async () => {
        if (stack) {
            await stack.destroy(listening);
            await stack.workspace.removeStack("lockdown");
        }
    });

    async function start(name: string, namespace: string, serviceAccountName = "default"): Promise<PodRef> {
        const made = template(image, name);
        await cluster.apply(pod(name, namespace, { ...made, spec: { ...made.spec, serviceAccountName } }));
        return cluster.readyPod(namespace, `app=${name}`, "app", 120);
    }

    /** Runs curl as the sidecar's user, whose connections nothing redirects: as far as any bypass could get. */
    function inProxy(from: PodRef, command: string[]): Promise<Ran> {
        return cluster.exec({ ...from, container: "istio-proxy" }, [
            "curl",
            "-sS",
            "--connect-timeout",
            "3",
            ...command,
        ]);
    }

    /** Whether a TCP connection comes about. */
    async function connects(from: PodRef, address: string): Promise<boolean> {
        const { code } = await inProxy(from, ["--max-time", "5", "-o", "/dev/null", `http://${address}/`]);
        assert.notEqual(code, 6, `${address} has no address`);
        return code !== 7 && code !== 28;
    }

    function controlPlane() {
        return { meshNamespace: istiod.split(".")[1], revision: "" };
    }

    async function admitted(object: AnyObject, by = cluster): Promise<void> {
        await by.tryCreate(object);
    }

    async function refusedWith(message: RegExp, object: AnyObject, by = cluster): Promise<void> {
        await assert.rejects(by.tryCreate(object), (error: k8s.ApiException<string>) => {
            assert.match(error.body, /ValidatingAdmissionPolicy 'lock-/);
            assert.match(error.body, message);
            return true;
        });
    }

    it("a second up changes nothing", async () => {
        const { summary } = await stack.up(listening);
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("a refresh finds no drift", async () => {
        const { summary } = await stack.refresh(listening);
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("the API server finds nothing to warn of in the admission policies", async () => {
        const policies = cluster.api(k8s.AdmissionregistrationV1Api);
        for (const what of [
            "workloads",
            "start",
            "kinds",
            "configuration",
            "guards",
            "namespaces",
            "gateway-claims",
            "host-claims",
            "claims",
        ]) {
            const { status } = await policies.readValidatingAdmissionPolicy({ name: `lock-${what}` });
            assert.deepEqual(status?.typeChecking?.expressionWarnings ?? [], [], what);
        }
    });

    describe("to the gateway", () => {
        it("lets the service account through that the route names", async () => {
            await waitFor("200", 15, async () => (await call(cluster, billing, HOST)).status === 200);
        });

        it("refuses another service account of the same namespace", async () => {
            const answer = await call(cluster, other, HOST);
            assert.equal(answer.status, 403, answer.body);
            assert.match(answer.body, /no route from this service account/);
        });

        it("compares the request's host, not only the name that TLS was asked for", async () => {
            // What is sent to the gateway's own service goes there as it is, in the mesh's mutual TLS.
            const ask = async (host: string) => {
                const write = ["-s", "-o", "/dev/null", "-w", "%{http_code}"];
                const command = ["curl", ...write, "--http2-prior-knowledge", "-H", `Host: ${host}`];
                return (await cluster.exec(billing, [...command, `http://${GATEWAY_HOST}:443/`])).stdout;
            };
            assert.equal(await ask(HOST), "200");
            assert.equal(await ask("other.partner.example"), "404");
        });

        it("resets plaintext on the gateway's port", async () => {
            const { code, stderr } = await inProxy(billing, [`http://${GATEWAY_HOST}:443/`]);
            // 52: an empty answer; 56: the connection was reset.
            assert.ok([52, 56].includes(code), `${code} ${stderr}`);
        });

        it("has no connection for namespaces that no route lets call", async () => {
            assert.equal(await connects(billing, `${GATEWAY_HOST}:443`), true);
            assert.equal(await connects(idle, `${GATEWAY_HOST}:443`), false);
            assert.equal(await connects(outsider, `${GATEWAY_HOST}:443`), false);
        });
    });

    describe("a client certificate by workload identity", () => {
        /** What the server logs of a call that it answers: the certificate's name, and the mesh's header. */
        async function seen(from: PodRef, headers: string[] = []): Promise<string> {
            const mark = randomUUID();
            const command = [
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                ...headers.flatMap((one) => ["-H", one]),
            ];
            const { stdout } = await cluster.exec(from, [...command, `http://${HOST}/?${mark}`]);
            assert.equal(stdout, "200");
            const server = await cluster.readyPod(SERVER_NAMESPACE, "app=lock-server", "nginx");
            const line = await waitFor("the server's log", 15, async () =>
                (await cluster.logs(server)).split("\n").find((text) => text.includes(mark)),
            );
            return /"Client DN" \S+ "X-Forwarded-Client-Cert" \S+/.exec(line)?.[0] ?? line;
        }

        const named = (name: string) => `"Client DN" CN=${name}.example,O=mesh-egress "X-Forwarded-Client-Cert" -`;

        it("is the caller's own, for one host on one gateway, and the mesh's header stays inside", async () => {
            await waitFor("200", 15, async () => (await call(cluster, reporting, HOST)).status === 200);
            assert.deepEqual([await seen(billing), await seen(reporting)], [named("billing"), named("reporting")]);
        });

        it("stays the caller's own when it says to be somebody else", async () => {
            const uri = `URI=spiffe://cluster.local/ns/${CALLING}/sa/${BILLING}`;
            for (const forged of [uri, `By=spiffe://cluster.local/ns/x/sa/y;Hash=00;Subject="";${uri}`]) {
                assert.equal(await seen(reporting, [`x-forwarded-client-cert: ${forged}`]), named("reporting"));
            }
        });
    });

    describe("past the gateway, with packets", () => {
        it("does not reach the partner's server, which others reach", async () => {
            const server = `lock-server.${SERVER_NAMESPACE}.svc.cluster.local:443`;
            assert.equal(await connects(outsider, server), true);
            assert.equal(await connects(billing, server), false);
        });

        it("sends no UDP either: QUIC, or DNS past the cluster's own", async () => {
            const server = await cluster.readyPod(SERVER_NAMESPACE, "app=lock-server", "nginx");
            const { status } = await cluster.core.readNamespacedPod(server);
            // Nobody listens there, and the pod says so to whoever reaches it: the second datagram then fails.
            const sent = async (from: PodRef, port: number) => {
                const script = `exec 3<>/dev/udp/${status?.podIP}/${port}; for i in 1 2 3; do echo x >&3 || exit 7; sleep 0.3; done`;
                const { code } = await cluster.exec({ ...from, container: "istio-proxy" }, ["bash", "-c", script]);
                return code === 7 ? "arrived" : code === 0 ? "lost" : `ended with ${code}`;
            };
            for (const port of [443, 53]) {
                assert.deepEqual([await sent(outsider, port), await sent(billing, port)], ["arrived", "lost"]);
            }
        });

        it("does not reach an address of the node, which others reach", async () => {
            const { status } = await cluster.core.readNamespacedPod({ name: outsider.name, namespace: OPEN });
            const kubelet = `${status?.hostIP}:10250`;
            assert.equal(await connects(outsider, kubelet), true);
            assert.equal(await connects(billing, kubelet), false);
        });

        it("reaches istiod where proxies need it, and nowhere else", async () => {
            assert.equal(await connects(outsider, `${istiod}:15014`), true);
            assert.equal(await connects(billing, `${istiod}:15014`), false);
            assert.equal(await connects(billing, `${istiod}:15012`), true);
        });

        it("is what the check tells that comes before everything else", async () => {
            const script = ["sh", "-c", checkScript(controlPlane(), 1)];
            const open = await cluster.exec({ ...outsider, container: "istio-proxy" }, script);
            assert.equal(open.code, 1);
            assert.match(open.stdout, /does not enforce NetworkPolicies: a pod reached istiod/);
            const locked = await cluster.exec({ ...billing, container: "istio-proxy" }, script);
            assert.deepEqual([locked.code, locked.stdout], [0, "NetworkPolicies are enforced\n"]);
        });

        it("is what the check tells that comes after everything else", async () => {
            const script = ["sh", "-c", refusalScript("any", controlPlane(), 1)];
            const open = await cluster.exec(outsider, script);
            assert.equal(open.code, 1);
            assert.match(open.stdout, /reached istiod[^ ]*:15014 \(404\), which its NetworkPolicy forbids/);
            assert.match(open.stdout, /reached the API server's address \(\d+\), which nothing opens/);
            const locked = await cluster.exec(billing, script);
            assert.deepEqual([locked.code, locked.stdout], [0, "undeclared hosts, addresses and ports are refused\n"]);
        });
    });

    describe("istiod", () => {
        let control: PodRef;
        let target: string;

        before(async () => {
            control = await cluster.readyPod(controlPlane().meshNamespace, "app=istiod", "discovery");
            const { status } = await cluster.core.readNamespacedPod({ name: outsider.name, namespace: OPEN });
            target = `http://${status?.podIP}:15021/healthz/ready`;
        });

        const curl = async (from: PodRef, url: string) => {
            const options = [
                "-sk",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--connect-timeout",
                "3",
                "--max-time",
                "5",
            ];
            return (await cluster.exec(from, ["curl", ...options, url])).stdout;
        };

        it("reaches the API server and names, and no address that nobody listed", async () => {
            const fromOther = { ...outsider, container: "istio-proxy" };
            assert.equal(await curl(fromOther, target), "200");
            assert.equal(await curl(control, target), "000");
            assert.match(await curl(control, "https://kubernetes.default.svc/version"), /^(200|401|403)$/);
        });

        it("still gives a new pod its sidecar, a certificate and its configuration", async () => {
            await start("after", CALLING, BILLING);
        });
    });

    describe("workloads", () => {
        it("pass as they are, alone and as every kind that makes pods", async () => {
            await admitted(pod("good", CALLING, template(image)));
            for (const object of kinds(template(image), CALLING)) {
                await admitted(object);
            }
        });

        it("are refused as every kind that makes pods", async () => {
            const bad = template(image);
            bad.metadata.annotations = { "traffic.sidecar.istio.io/excludeOutboundPorts": "443" };
            for (const object of [...kinds(bad, CALLING), pod("bad", CALLING, bad)]) {
                await refusedWith(/excludeOutboundPorts changes the sidecar/, object);
            }
        });

        for (const { rule, message, refused, passes, templatesOnly } of WORKLOAD_RULES) {
            it(`${rule}: refused alone and in a Deployment, and what is like it passes`, async () => {
                const changed = (edit: (template: PodTemplate) => void) => {
                    const made = template(image);
                    edit(made);
                    return made;
                };
                await refusedWith(message, deployment(changed(refused), CALLING));
                await admitted(deployment(changed(passes), CALLING));
                if (!templatesOnly) {
                    await refusedWith(message, pod("bad", CALLING, changed(refused)));
                }
                await admitted(pod("good", CALLING, changed(passes)));
            });
        }

        it("cannot take the sidecar's place as pods either", async () => {
            const bad = template(image);
            const [app] = bad.spec.containers;
            bad.spec.containers.push({ ...app, name: "istio-proxy" });
            await refusedWith(/proxy[.]istio[.]io\/overrides changes|has no sidecar/, pod("bad", CALLING, bad));
            bad.spec.containers.pop();
            bad.spec.initContainers = [{ ...app, name: "istio-init" }];
            await refusedWith(/proxy[.]istio[.]io\/overrides changes/, pod("bad", CALLING, bad));
        });

        it("cannot get a container that runs as the sidecar's user later", async () => {
            const add = (runAsUser: number) => {
                const securityContext = {
                    runAsUser,
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                };
                return cluster.core.patchNamespacedPodEphemeralcontainers(
                    {
                        name: billing.name,
                        namespace: CALLING,
                        dryRun: "All",
                        body: { spec: { ephemeralContainers: [{ name: "debug", image, securityContext }] } },
                    },
                    k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.StrategicMergePatch),
                );
            };
            await assert.rejects(add(1337), /1337 is the sidecar's/);
            await add(1000);
        });

        it("cannot bring a sidecar of their own and say that Istio injected it", async function () {
            if (!environment.local.settings.mesh.hub) {
                this.skip();
            }
            const forged = template(image);
            forged.metadata.annotations = { "sidecar.istio.io/status": "{}" };
            forged.spec.containers.push({ ...forged.spec.containers[0], name: "istio-proxy" });
            await refusedWith(/The sidecar's image is not|has no sidecar/, pod("forged", CALLING, forged));
        });

        it("of other namespaces are none of the lockdown's business", async () => {
            const free = template(image);
            free.metadata.annotations = { "traffic.sidecar.istio.io/excludeOutboundPorts": "443" };
            await admitted(deployment(free, OPEN));
        });
    });

    describe("configuration", () => {
        let developer: Cluster;

        const istio = (kind: string, namespace: string, spec: object): AnyObject => ({
            apiVersion: "networking.istio.io/v1",
            kind,
            metadata: { name: "try", namespace },
            spec,
        });
        const virtualService = (namespace: string, host: string, more = {}) =>
            istio("VirtualService", namespace, {
                hosts: [host],
                http: [{ route: [{ destination: { host: `elsewhere.${OPEN}.svc.cluster.local` } }] }],
                ...more,
            });
        const entry = (namespace: string, host: string) =>
            istio("ServiceEntry", namespace, {
                hosts: [host],
                ports: [{ number: 80, name: "http", protocol: "HTTP" }],
                resolution: "DNS",
            });
        const rule = (namespace: string, host: string) =>
            istio("DestinationRule", namespace, { host, trafficPolicy: { tls: { mode: "DISABLE" } } });
        const opening = (to?: object[]): AnyObject => ({
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "try", namespace: CALLING },
            spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to }] },
        });
        const pods = (namespace: string) => ({
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        });
        const service = (spec: object): AnyObject => ({
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "try", namespace: CALLING },
            spec,
        });

        before(async () => {
            developer = await cluster.as(OPEN, DEVELOPER);
        });

        it("of no other namespace takes an egress host or the gateway's own", async () => {
            const taken = (host: string) => new RegExp(`The host ${host} belongs to the egress gateway lock-egress`);
            for (const namespace of [OPEN, CALLING]) {
                await refusedWith(taken(HOST), virtualService(namespace, HOST), developer);
                await refusedWith(
                    taken("[*].partner.example"),
                    virtualService(namespace, "*.partner.example"),
                    developer,
                );
                await admitted(virtualService(namespace, "mine.example"), developer);
                await refusedWith(taken(HOST), rule(namespace, HOST), developer);
                await refusedWith(
                    /may route calls to the egress gateway lock-egress/,
                    rule(namespace, GATEWAY_HOST),
                    developer,
                );
                await admitted(rule(namespace, `elsewhere.${OPEN}.svc.cluster.local`), developer);
            }
            await refusedWith(taken(HOST), entry(OPEN, HOST), developer);
            await admitted(entry(OPEN, "mine.example"), developer);
            const doorway = (selector: Record<string, string>) =>
                istio("Gateway", OPEN, {
                    selector,
                    servers: [{ port: { number: 443, name: "http", protocol: "HTTP" }, hosts: ["mine.example"] }],
                });
            for (const selector of [{ istio: GATEWAY.name }, { app: GATEWAY.name }, {}] as Record<string, string>[]) {
                await refusedWith(/A Gateway with this selector/, doorway(selector), developer);
            }
            await admitted(doorway({ istio: "ingressgateway" }), developer);
            // One of an ingress gateway alone says nothing about calls inside the mesh.
            await admitted(virtualService(OPEN, HOST, { gateways: ["ingress"] }), developer);
        });

        it("of a locked namespace opens no other way", async () => {
            const routes = /ask an administrator of the egress gateway for a route/;
            await refusedWith(routes, entry(CALLING, "mine.example"), developer);
            const anything = { outboundTrafficPolicy: { mode: "ALLOW_ANY" } };
            await refusedWith(routes, istio("Sidecar", CALLING, anything), developer);
            await admitted(istio("Sidecar", OPEN, anything), developer);

            const locked = /to pods of locked namespaces only/;
            const everything = { ipBlock: { cidr: "0.0.0.0/0" } };
            for (const to of [[everything], undefined, [{ namespaceSelector: {} }], [pods(SERVER_NAMESPACE)]]) {
                await refusedWith(locked, opening(to), developer);
            }
            await admitted(opening([pods(IDLE), { podSelector: {} }]), developer);

            await refusedWith(/ExternalName/, service({ type: "ExternalName", externalName: HOST }), developer);
            await admitted(service({ ports: [{ port: 80 }], selector: { app: "try" } }), developer);
        });

        it("keeps a locked namespace in the mesh", async () => {
            const relabel = (labels: Record<string, string | null>) =>
                developer.core.patchNamespace(
                    { name: CALLING, dryRun: "All", body: { metadata: { labels } } },
                    k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch),
                );
            await assert.rejects(
                relabel({ "istio-injection": null }),
                /labels .* cannot be changed on a locked namespace/,
            );
            await relabel({ team: "billing" });
        });

        it("may be changed by who may change the gateway", async () => {
            const administrator = await cluster.as(ADMINISTRATORS, ADMINISTRATOR);
            await admitted(entry(CALLING, "mine.example"), administrator);
            await admitted(entry(GATEWAY.namespace, "mine.example"), administrator);
            await assert.rejects(developer.tryCreate(entry(GATEWAY.namespace, "mine.example")), /cannot create/);
        });

        it("that claimed an egress host before the lockdown is bound by no proxy of it", async () => {
            // The administrator of the cluster stands for the time before.
            const mine: AnyObject = {
                ...service({ ports: [{ name: "http", port: 80 }] }),
                metadata: { name: "mine", namespace: OPEN },
            };
            const foreign = virtualService(OPEN, HOST, {
                hosts: [HOST, `mine.${OPEN}.svc.cluster.local`],
                gateways: ["mesh", `${GATEWAY.namespace}/${GATEWAY.name}`],
                http: [{ name: "foreign", route: [{ destination: { host: `mine.${OPEN}.svc.cluster.local` } }] }],
            });
            const knows = async (proxy: PodRef) =>
                (await proxyPage(cluster, proxy, "config_dump?resource=dynamic_route_configs")).includes('"foreign"');
            await cluster.apply(mine);
            await cluster.apply(foreign);
            try {
                await waitFor("its own namespace to have it", 30, () => knows(outsider));
                const gateway = await cluster.readyPod(GATEWAY.namespace, `istio=${GATEWAY.name}`, "istio-proxy");
                assert.deepEqual(await Promise.all([billing, idle, gateway].map(knows)), [false, false, false]);
                assert.equal((await call(cluster, billing, HOST)).status, 200);
            } finally {
                await Promise.all([mine, foreign].map((object) => cluster.remove(object)));
            }
        });
    });

    describe("sidecars of a locked namespace", () => {
        it("hold nothing of a route that does not let them call", async () => {
            assert.ok((await proxyPage(cluster, billing, "config_dump")).includes(HOST));
            assert.ok(!(await proxyPage(cluster, idle, "config_dump")).includes(HOST));
        });

        it("know services of the mesh and the gateway only", async () => {
            const clusters = await proxyPage(cluster, idle, "clusters");
            const found = [...clusters.matchAll(/outbound\|\d+\|\|[^:]*?\.([a-z-]+)\.svc\.cluster\.local/g)];
            const namespaces = [...new Set(found.map(([, namespace]) => namespace))].sort();
            assert.deepEqual(namespaces, [istiod.split(".")[1], GATEWAY.namespace].sort());
        });
    });

    describe("an update that changes something", () => {
        const update = async (version: string) => {
            const { engine, plugins, local } = environment;
            const options = { controlPlaneEgress, checkSchedule: NEVER, checkTriggers: { version } };
            const program = lockdownProgram(local, options);
            return (await openProofStack(engine, plugins, local, "lockdown", program)).up(listening);
        };
        const anywhere: AnyObject = {
            apiVersion: "networking.k8s.io/v1",
            kind: "NetworkPolicy",
            metadata: { name: "anywhere", namespace: IDLE },
            spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
        };

        /** What `kubectl create job --from=cronjob/egress-lockdown-check` makes, and how it ends. */
        async function scheduled(name: string): Promise<{ ended?: string; said: string }> {
            const batch = cluster.api(k8s.BatchV1Api);
            const cronJob = { name: "egress-lockdown-check", namespace: IDLE };
            const { spec } = await batch.readNamespacedCronJob(cronJob);
            const { metadata, spec: job } = spec!.jobTemplate;
            const body = { metadata: { name, labels: metadata?.labels }, spec: job };
            await batch.createNamespacedJob({ namespace: IDLE, body });
            const ended = await waitFor(`the end of ${name}`, 150, async () => {
                const { status } = await batch.readNamespacedJob({ name, namespace: IDLE });
                return status?.conditions?.find(({ type }) => ["Complete", "Failed"].includes(type))?.type;
            });
            const [pod] = await cluster.pods(IDLE, `job-name=${name}`);
            const ref = { namespace: IDLE, name: String(pod.metadata?.name), container: "check" };
            return { ended, said: await cluster.logs(ref) };
        }

        it("tries every locked namespace again, and changes nothing else, as the schedule does between updates", async () => {
            const [{ summary }, { ended, said }] = await Promise.all([update("2"), scheduled("while-locked")]);
            assert.equal(ended, "Complete", said);
            assert.match(said, /undeclared hosts, addresses and ports are refused/);
            // The lockdown itself has other arguments now.
            assert.deepEqual(Object.keys(summary.resourceChanges ?? {}).sort(), ["replace", "same", "update"]);
            assert.equal(summary.resourceChanges?.update, 1);
            assert.equal(summary.resourceChanges?.replace, 4);
        });

        it("fails while an object that was there before claims a host or the gateway, and names it", async () => {
            // The administrator of the cluster stands for the time before.
            const object = (kind: string, name: string, spec: object): AnyObject => ({
                apiVersion: "networking.istio.io/v1",
                kind,
                metadata: { name, namespace: OPEN },
                spec,
            });
            const http = [{ route: [{ destination: { host: `mine.${OPEN}.svc.cluster.local` } }] }];
            const claims = [
                object("VirtualService", "in-capitals", { hosts: [`${HOST.toUpperCase()}.`], gateways: [], http }),
                object("DestinationRule", "the-gateway", { host: `*.${GATEWAY.namespace}.svc.cluster.local` }),
                object("Gateway", "on-its-pods", {
                    selector: { istio: GATEWAY.name },
                    servers: [{ port: { number: 443, name: "http", protocol: "HTTP" }, hosts: ["mine.example"] }],
                }),
            ];
            const harmless = [
                object("VirtualService", "private", { hosts: [HOST], exportTo: ["."], http }),
                object("VirtualService", "ingress", { hosts: [HOST], gateways: ["ingress"], http }),
            ];
            await Promise.all([...claims, ...harmless].map((one) => cluster.apply(one)));
            try {
                await assert.rejects(update("claims"), ({ message }: Error) => {
                    assert.match(message, /3 objects claim a host of the egress gateway lock-egress\/lock-gateway/);
                    assert.match(message, /virtualservices lock-open\/in-capitals: The host .* belongs to/);
                    assert.match(message, /destinationrules lock-open\/the-gateway: Only its own namespace may route/);
                    assert.match(message, /gateways lock-open\/on-its-pods: A Gateway with this selector/);
                    assert.doesNotMatch(message, /lock-open\/(private|ingress)/);
                    return true;
                });
            } finally {
                await Promise.all([...claims, ...harmless].map((one) => cluster.remove(one)));
            }
            await update("without claims");
        });

        it("looks for claims with an account that can change nothing", async () => {
            const checker = await cluster.as("lock-check", "claims");
            const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "try", namespace: "lock-check" } };
            await assert.rejects(checker.objects.create(map), /send the request as a dry run/);
            await assert.rejects(checker.tryCreate(map), /policies of the lockdown are in force/);
            const patch = (dryRun?: string) =>
                checker.objects.patch(
                    {
                        apiVersion: "networking.istio.io/v1",
                        kind: "Gateway",
                        metadata: { name: GATEWAY.name, namespace: GATEWAY.namespace, labels: { a: "b" } },
                    },
                    undefined,
                    dryRun,
                    undefined,
                    undefined,
                    k8s.PatchStrategy.MergePatch,
                );
            await patch("All");
            await assert.rejects(patch(), /send the request as a dry run/);
        });

        it("fails while a pod of a locked namespace gets out, and says where, as a run of the schedule does", async () => {
            const out = new RegExp(`a pod of the locked namespace ${IDLE} reached istiod[^ ]*:15014`);
            await cluster.apply(anywhere);
            try {
                const [{ ended, said }] = await Promise.all([
                    scheduled("while-open"),
                    assert.rejects(update("3"), out),
                ]);
                assert.equal(ended, "Failed", said);
                assert.match(said, out);
            } finally {
                await cluster.remove(anywhere);
            }
            await update("4");
        });
    });
});
