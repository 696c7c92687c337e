import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { GUARD_NAME } from "../../plan/egress/lockdown/guard";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import {
    ALLOWED_PORT,
    GATEWAY,
    LOCKED,
    MONITORING,
    ORDERS,
    OTHER,
    OTHER_PORT,
    TENANT,
    guardsProgram,
    server,
} from "../support/guards";
import { pod, template } from "../support/workloads";

const STACK = "guards";

describe("what guards a lockdown, and what it leaves open, on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let tenant: Cluster;
    let stack: Stack;
    let locked: PodRef;
    let outsider: PodRef;
    let scraper: PodRef;

    before(async function () {
        environment = await localEnvironment(this);
        const { engine, plugins, local } = environment;
        ({ cluster } = environment);
        stack = await openProofStack(engine, plugins, local, STACK, guardsProgram(local));
        await stack.up({ refresh: true, ...listening });
        const image = local.settings.nginxImage ?? "nginx:1.29";
        for (const object of [...server(ORDERS, image), ...server(OTHER, image)]) {
            await cluster.apply(object);
        }
        [locked, outsider, scraper] = await Promise.all([start(LOCKED), start(OTHER), start(MONITORING)]);
        await Promise.all([ORDERS, OTHER].map((namespace) => cluster.readyPod(namespace, "app=server", "nginx", 120)));
        tenant = await cluster.as(OTHER, TENANT);
    });

    after(async () => {
        await stack?.destroy(listening);
        await stack?.workspace.removeStack(STACK);
    });

    async function start(namespace: string): Promise<PodRef> {
        await cluster.apply(pod("caller", namespace, template(environment.local.settings.curlImage, "caller")));
        return cluster.readyPod(namespace, "app=caller", "app", 120);
    }

    /** Status and body of a call as an application makes it. */
    async function answer(from: PodRef, url: string): Promise<string> {
        const command = ["curl", "-s", "--max-time", "15", "-w", " %{http_code}", url];
        return (await cluster.exec(from, command)).stdout;
    }

    /** Whether a TCP connection comes about, as the sidecar's user, whose connections nothing redirects. */
    async function connects(from: PodRef, address: string): Promise<boolean> {
        const command = ["curl", "-s", "-o", "/dev/null", "--connect-timeout", "3", "--max-time", "5"];
        const { code } = await cluster.exec({ ...from, container: "istio-proxy" }, [...command, `http://${address}/`]);
        assert.notEqual(code, 6, `${address} has no address`);
        return code !== 7 && code !== 28;
    }

    const at = (namespace: string, port: number) => `server.${namespace}.svc.cluster.local:${port}`;

    describe("calls in the cluster", () => {
        it("reach the servers that the lockdown names, on the ports that it names", async () => {
            await waitFor("200", 30, async () => {
                const said = await answer(locked, `http://${at(ORDERS, ALLOWED_PORT)}/`);
                return said === `port ${ALLOWED_PORT} 200`;
            });
        });

        it("reach no other port of them and no other namespace, which unlocked pods reach", async () => {
            for (const url of [at(ORDERS, OTHER_PORT), at(OTHER, ALLOWED_PORT)]) {
                assert.match(await answer(outsider, `http://${url}/`), /^port \d+ 200$/, url);
                assert.match(await answer(locked, `http://${url}/`), / (502|503|000)$/, url);
                assert.deepEqual([await connects(outsider, url), await connects(locked, url)], [true, false], url);
            }
        });

        it("are refused by the servers' own sidecars too, where the network lets them through", async () => {
            const opened: AnyObject = {
                apiVersion: "networking.k8s.io/v1",
                kind: "NetworkPolicy",
                metadata: { name: "too-much", namespace: LOCKED },
                spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
            };
            await cluster.apply(opened);
            try {
                await waitFor("403 from the server's sidecar", 30, async () => {
                    const said = await answer(locked, `http://${at(ORDERS, OTHER_PORT)}/`);
                    return said === "RBAC: access denied 403";
                });
                assert.equal(await answer(locked, `http://${at(ORDERS, ALLOWED_PORT)}/`), `port ${ALLOWED_PORT} 200`);
            } finally {
                await cluster.remove(opened);
            }
        });
    });

    it("the gateway's metrics are read by the scraper and by nobody else", async () => {
        const [gateway] = await cluster.pods(GATEWAY.namespace, `istio=${GATEWAY.name}`);
        const address = gateway.status?.podIP;
        for (const port of [15020, 15090]) {
            assert.equal(await connects(scraper, `${address}:${port}`), true, `scraper ${port}`);
            assert.equal(await connects(outsider, `${address}:${port}`), false, `outsider ${port}`);
            assert.equal(await connects(locked, `${address}:${port}`), false, `locked ${port}`);
        }
        for (const port of [8443, 15021]) {
            assert.equal(await connects(scraper, `${address}:${port}`), false, `scraper ${port}`);
        }
    });

    describe("a tenant who may do everything in the namespace", () => {
        const guards = /guards the lockdown of egress traffic/;
        /** Several of the lockdown's policies refuse some changes; the API server names one of them. */
        const anyPolicy = /ValidatingAdmissionPolicy 'guard-/;
        const merge = k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch);
        const dryRun = "All";
        const sidecar = { group: "networking.istio.io", version: "v1", namespace: LOCKED, plural: "sidecars" };

        it("cannot change the NetworkPolicy, in any field, nor its labels", async () => {
            const network = tenant.api(k8s.NetworkingV1Api);
            for (const body of [
                { spec: { podSelector: { matchLabels: { app: "none" } } } },
                { spec: { policyTypes: ["Ingress"] } },
                { spec: { egress: [{}] } },
                { metadata: { labels: null } },
                { metadata: { labels: { "mesh-egress/lockdown": null } } },
                { metadata: { finalizers: ["example.com/never"] } },
            ]) {
                const change = { name: GUARD_NAME, namespace: LOCKED, dryRun, body };
                await assert.rejects(network.patchNamespacedNetworkPolicy(change, merge), anyPolicy);
            }
        });

        it("cannot delete it, alone or with all others", async () => {
            const network = tenant.api(k8s.NetworkingV1Api);
            const object = { name: GUARD_NAME, namespace: LOCKED, dryRun };
            await assert.rejects(network.deleteNamespacedNetworkPolicy(object), guards);
            await assert.rejects(
                network.deleteCollectionNamespacedNetworkPolicy({ namespace: LOCKED, dryRun }),
                guards,
            );
        });

        it("cannot change or delete the Sidecar, nor write its status", async () => {
            const custom = tenant.api(k8s.CustomObjectsApi);
            const one = { ...sidecar, name: GUARD_NAME, dryRun };
            const opened = { spec: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } } };
            await assert.rejects(custom.patchNamespacedCustomObject({ ...one, body: opened }, merge), anyPolicy);
            await assert.rejects(custom.deleteNamespacedCustomObject(one), anyPolicy);
            const status = { status: { conditions: [] } };
            await assert.rejects(custom.patchNamespacedCustomObjectStatus({ ...one, body: status }, merge), anyPolicy);
        });

        it("cannot change or delete the servers' AuthorizationPolicy, nor take its name or the guards' label", async () => {
            const custom = tenant.api(k8s.CustomObjectsApi);
            const name = `${GATEWAY.name}.${GATEWAY.namespace}.lockdown`;
            const kind = {
                group: "security.istio.io",
                version: "v1",
                namespace: ORDERS,
                plural: "authorizationpolicies",
            };
            await assert.rejects(custom.deleteNamespacedCustomObject({ ...kind, name, dryRun }), guards);
            const body = { spec: { action: "AUDIT" } };
            await assert.rejects(custom.patchNamespacedCustomObject({ ...kind, name, dryRun, body }, merge), guards);
            const labelled: AnyObject = {
                apiVersion: "v1",
                kind: "ConfigMap",
                metadata: { name: "mine", namespace: LOCKED, labels: { "mesh-egress/lockdown": "guard" } },
            };
            await assert.rejects(tenant.tryCreate(labelled), guards);
            await tenant.tryCreate({ ...labelled, metadata: { name: "mine", namespace: LOCKED } });
        });
    });

    it("istiod fetches no keys for a RequestAuthentication, though its network reaches the server", async () => {
        const istiod = await cluster.readyPod("istio-system", "app=istiod", "discovery");
        const path = `jwks-${Date.now()}`;
        const asked = async (what: string) => {
            const proxied = await cluster.readyPod(OTHER, "app=server", "nginx");
            return (await cluster.logs(proxied)).includes(what);
        };
        // The server is out of the mesh's mutual TLS here: istiod has no sidecar.
        await cluster.exec(istiod, ["curl", "-s", `http://${at(OTHER, ALLOWED_PORT)}/${path}-by-hand`]);
        await waitFor("istiod's own call in the server's log", 15, () => asked(`${path}-by-hand`));
        const issuers = [
            { issuer: "service.example", jwksUri: `http://${at(OTHER, ALLOWED_PORT)}/${path}` },
            { issuer: "debug.example", jwksUri: "http://127.0.0.1:15014/debug/configz" },
            { issuer: "mapped.example", jwksUri: "http://[::ffff:127.0.0.1]:15014/debug/configz" },
        ];
        const tried: AnyObject = {
            apiVersion: "security.istio.io/v1",
            kind: "RequestAuthentication",
            metadata: { name: "try", namespace: ORDERS },
            spec: { jwtRules: issuers },
        };
        await tenant.objects.create(tried);
        try {
            const server = await cluster.readyPod(ORDERS, "app=server", "nginx");
            const config = await waitFor("the server's sidecar to have the rules", 60, async () => {
                const page = await proxyPage(cluster, server, "config_dump?resource=dynamic_listeners");
                return issuers.every(({ issuer }) => page.includes(issuer)) && page;
            });
            // istiod has given up on the keys by then: where it has none, it makes up a key that signs nothing.
            assert.doesNotMatch(config, /metadata\.istio|port \d+ /);
            assert.equal(await asked(`/${path} `), false);
        } finally {
            await cluster.remove(tried);
        }
    });
});
