import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { Claim, claims, noClaims, openClaims } from "../support/adversary/claims";
import { FORGERIES, forged } from "../support/adversary/forgedSidecars";
import { ORDINARY_OBJECTS, needsOwner } from "../support/adversary/legitimateObjects";
import { ORDINARY_PODS } from "../support/adversary/legitimatePods";
import { ordinaryWorkloads } from "../support/adversary/legitimateWorkloads";
import { OBJECT_ATTEMPTS } from "../support/adversary/objects";
import { POD_ATTEMPTS } from "../support/adversary/pods";
import {
    ALSO_LOCKED,
    GATEWAY,
    HOST,
    LOCKED,
    OPEN,
    OWNER,
    TENANT,
    adversaryProgram,
} from "../support/adversary/program";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { PodTemplate, deployment, kinds, pod, template } from "../support/workloads";

/** What the API server adds to the tolerations of every pod, which a change must keep. */
const EVERY_POD_TOLERATES = ["not-ready", "unreachable"].map((state) => ({
    key: `node.kubernetes.io/${state}`,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
}));

/*
 * A tenant who wants out of a locked namespace, with the role `edit` and every right on Istio objects; and an owner with
 * every right that a namespace can give, for what `edit` may not do. Each attempt passes in a namespace that is not locked, and so shows that it is the lockdown that refuses it.
 */
describe("somebody who wants out of a locked namespace", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let tenant: Cluster;
    let owner: Cluster;
    let stack: Stack;
    let image: string;
    let destroyed = false;

    before(async function () {
        environment = await localEnvironment(this);
        const { engine, plugins, local } = environment;
        ({ cluster } = environment);
        image = local.settings.curlImage;
        stack = await openProofStack(engine, plugins, local, "adversary", adversaryProgram(local));
        const early = firstPod();
        await stack.up({ refresh: true, ...listening });
        await early;
        [tenant, owner] = await Promise.all([TENANT, OWNER].map((name) => cluster.as(OPEN, name)));
    });

    after(async () => {
        if (stack) {
            if (!destroyed) {
                await stack.destroy(listening);
            }
            await stack.workspace.removeStack("adversary");
        }
    });

    /** Tries to run a pod in the namespace from before it is there, as whoever may do so in every namespace. */
    function firstPod(): Promise<unknown> {
        const first = pod("first", LOCKED, template(image, "first")) as k8s.V1Pod;
        return waitFor("the first pod", 240, async () => {
            return cluster.core.createNamespacedPod({ namespace: LOCKED, body: first });
        });
    }

    const edited = (edit: (one: PodTemplate) => void) => {
        const made = template(image);
        edit(made);
        return made;
    };

    async function refusedBy(message: RegExp, attempt: Promise<unknown>): Promise<void> {
        await assert.rejects(attempt, (error: k8s.ApiException<string>) => {
            assert.match(String(error.body), /ValidatingAdmissionPolicy 'adversary-/);
            assert.match(String(error.body), message);
            return true;
        });
    }

    const inNamespace = (object: AnyObject, namespace: string): AnyObject => ({
        ...object,
        metadata: { ...object.metadata, namespace },
    });

    /** Without the lockdown the attempt passes, and with it, it does not. */
    async function closed(message: RegExp, object: (namespace: string) => AnyObject, by = tenant): Promise<void> {
        await by.tryCreate(object(OPEN));
        await refusedBy(message, by.tryCreate(object(LOCKED)));
    }

    describe("with a pod", () => {
        for (const { attempt, message, edit, only } of POD_ATTEMPTS) {
            it(`cannot use ${attempt}`, async () => {
                if (only !== "pod") {
                    await closed(message, (namespace) => deployment(edited(edit), namespace));
                }
                if (only !== "template") {
                    await closed(message, (namespace) => pod("try", namespace, edited(edit)));
                }
            });
        }

        it("cannot use any other kind that makes pods either", async () => {
            const bad = edited(({ spec }) => {
                spec.volumes = [{ name: "v", nfs: { server: "203.0.113.9", path: "/" } }];
            });
            for (const [index, object] of kinds(bad, LOCKED).entries()) {
                await tenant.tryCreate(kinds(bad, OPEN)[index]);
                await refusedBy(/A volume of type nfs/, tenant.tryCreate(object));
            }
        });
    });

    describe("with a part of the sidecar of its own", () => {
        for (const forgery of FORGERIES) {
            it(`cannot bring ${forgery.attempt}`, async () => {
                await closed(forgery.message, (namespace) => pod("try", namespace, forged(template(image), forgery)));
            });
        }
    });

    describe("with a pod that runs already", () => {
        const name = "adversary";

        before(async () => {
            for (const namespace of [OPEN, LOCKED]) {
                await cluster.apply(pod(name, namespace, template(image, name)));
            }
        });

        after(() =>
            Promise.all(
                [OPEN, LOCKED].map((namespace) => cluster.remove(pod(name, namespace, template(image, name)), 0)),
            ),
        );

        const changed = (namespace: string, body: object) =>
            tenant.core.patchNamespacedPod(
                { name, namespace, dryRun: "All", body },
                k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.StrategicMergePatch),
            );

        const CHANGES: [string, RegExp, object][] = [
            [
                "its image",
                /An image comes from a registry/,
                { spec: { containers: [{ name: "app", image: "elsewhere.example/data:text" }] } },
            ],
            [
                "the sidecar's image",
                /The sidecar's image is not one of the mesh's/,
                { spec: { initContainers: [{ name: "istio-proxy", image: "elsewhere.example/proxyv2:1" }] } },
            ],
            [
                "an annotation of the network",
                /changes how the node's network or runtime treats the pod/,
                { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "another" } } },
            ],
            [
                "its tolerations",
                /lets the pod run on virtual nodes/,
                { spec: { tolerations: [...EVERY_POD_TOLERATES, { operator: "Exists" }] } },
            ],
        ];
        for (const [what, message, body] of CHANGES) {
            it(`cannot change ${what}`, async () => {
                await changed(OPEN, body);
                await refusedBy(message, changed(LOCKED, body));
            });
        }

        it("can change what does no harm", async () => {
            await changed(LOCKED, { metadata: { labels: { team: "payments" }, annotations: { note: "x" } } });
        });

        const debug = (namespace: string, container: object) =>
            owner.core.patchNamespacedPodEphemeralcontainers(
                { name, namespace, dryRun: "All", body: { spec: { ephemeralContainers: [container] } } },
                k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.StrategicMergePatch),
            );

        it("can be debugged, but not with another image or as root", async () => {
            const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
            await debug(LOCKED, { name: "debug", image, securityContext });
            const elsewhere = { name: "debug", image: "elsewhere.example/data:text", securityContext };
            await debug(OPEN, elsewhere);
            await refusedBy(/An image comes from a registry/, debug(LOCKED, elsewhere));
            const root = { name: "debug", image, securityContext: { ...securityContext, runAsUser: 0 } };
            await debug(OPEN, root);
            await refusedBy(/has no runAsUser other than 0/, debug(LOCKED, root));
            const named = { name: "istio-validation", image, securityContext };
            await debug(OPEN, named);
            await refusedBy(/in a place where Istio injects none|The sidecar's image/, debug(LOCKED, named));
        });

        it("can be entered, but not its sidecar", async () => {
            const found = (namespace: string) => cluster.readyPod(namespace, `app=${name}`, "app", 120);
            const [open, locked] = await Promise.all([OPEN, LOCKED].map(found));
            assert.equal((await tenant.exec(locked, ["true"])).code, 0);
            const proxy = { container: "istio-proxy" };
            assert.equal((await tenant.exec({ ...open, ...proxy }, ["true"])).code, 0);
            await assert.rejects(tenant.exec({ ...locked, ...proxy }, ["true"]));
        });

        it("is not entered without the name of a container either, which may be the sidecar's", async () => {
            const enter = (namespace: string, container?: string) =>
                tenant.core.connectGetNamespacedPodExec({ name, namespace, container, command: "true", stdout: true });
            // The API server asks for more where admission lets it pass: this is no connection to stream over.
            await assert.rejects(enter(LOCKED, "app"), (error: k8s.ApiException<string>) => error.code === 400);
            await refusedBy(/name a container of the application/, enter(LOCKED));
        });

        it("has no node, address or state but those that the cluster gives it, and neither have services", async () => {
            const merge = k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch);
            const status = (namespace: string) =>
                owner.core.patchNamespacedPodStatus(
                    { name, namespace, dryRun: "All", body: { status: { podIP: "203.0.113.9" } } },
                    merge,
                );
            await status(OPEN);
            await refusedBy(/Objects of \/pods\/status are not allowed/, status(LOCKED));
            const body = { metadata: { name }, target: { kind: "Node", name: "virtual-node-aci-linux" } };
            for (const bound of [
                () => owner.core.createNamespacedPodBinding({ name, namespace: LOCKED, dryRun: "All", body }),
                () => owner.core.createNamespacedBinding({ namespace: LOCKED, dryRun: "All", body }),
            ]) {
                await refusedBy(/Objects of \/(pods\/binding|bindings) are not allowed/, bound());
            }
            // The administrator of the cluster made the second, whose status a cloud's controller writes.
            const services = ["ClusterIP", "LoadBalancer"].flatMap((type) =>
                [OPEN, LOCKED].map((namespace): AnyObject => ({
                    apiVersion: "v1",
                    kind: "Service",
                    metadata: { name: type.toLowerCase(), namespace },
                    spec: { type, ports: [{ port: 443 }], selector: { app: name } },
                })),
            );
            await Promise.all(services.map((service) => cluster.apply(service)));
            try {
                // By this address, kube-proxy would take the whole cluster's calls to a partner.
                const ingress = (namespace: string) =>
                    owner.core.patchNamespacedServiceStatus(
                        {
                            name: "loadbalancer",
                            namespace,
                            dryRun: "All",
                            body: { status: { loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } } },
                        },
                        merge,
                    );
                await ingress(OPEN);
                await refusedBy(/Objects of \/services\/status are not allowed/, ingress(LOCKED));
                const annotated = (namespace: string) =>
                    tenant.core.patchNamespacedService(
                        {
                            name: "clusterip",
                            namespace,
                            dryRun: "All",
                            body: { metadata: { annotations: { "external-dns.alpha.kubernetes.io/hostname": "a.b" } } },
                        },
                        merge,
                    );
                await annotated(OPEN);
                await refusedBy(/makes an agent of the cluster call/, annotated(LOCKED));
            } finally {
                await Promise.all(services.map((service) => cluster.remove(service)));
            }
        });

        it("is not called through the API server", async () => {
            const call = (namespace: string) =>
                tenant.core.connectGetNamespacedPodProxy({ name: `${name}:15021`, namespace });
            await refusedBy(
                /Objects of \/pods\/proxy are not allowed in a locked namespace.*kubectl port-forward/,
                call(LOCKED),
            );
        });
    });

    describe("with other objects", () => {
        for (const { attempt, message, object, rights } of OBJECT_ATTEMPTS) {
            it(`cannot use ${attempt}`, async () => {
                await closed(message, (namespace) => inNamespace(object, namespace), rights ? owner : tenant);
            });
        }
    });

    describe("with what sidecars verify the control plane by", () => {
        const change = (namespace: string) =>
            tenant.core.patchNamespacedConfigMap(
                { name: "istio-ca-root-cert", namespace, dryRun: "All", body: { data: { "root-cert.pem": "mine" } } },
                k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch),
            );

        it("cannot change the mesh's root certificate", async () => {
            await change(OPEN);
            await refusedBy(/sidecars verify the mesh's control plane/, change(LOCKED));
        });
    });

    describe("with the name of an egress host or of the gateway", () => {
        const names = { host: HOST, gateway: GATEWAY };

        async function taken({ message, object }: Claim, namespaces: string[]): Promise<void> {
            for (const namespace of namespaces) {
                const made = inNamespace(object, namespace);
                // Valid for Istio: an administrator of the gateway may.
                await cluster.tryCreate(made);
                await refusedBy(message, tenant.tryCreate(made));
            }
        }

        for (const claim of claims(names)) {
            it(`cannot write ${claim.claim}, in a locked namespace or in another`, () => taken(claim, [LOCKED, OPEN]));
        }

        for (const claim of openClaims(names)) {
            it(`cannot write ${claim.claim} in another namespace either`, () => taken(claim, [OPEN]));
        }

        it("can write what is like that and claims nothing", async () => {
            for (const object of noClaims(names)) {
                await tenant.tryCreate(inNamespace(object, OPEN));
                await tenant.tryCreate(inNamespace(object, LOCKED));
            }
        });
    });

    describe("who works as others do", () => {
        for (const { what, edit } of ORDINARY_PODS) {
            it(`can run a pod with ${what}, alone and in a Deployment`, async () => {
                await tenant.tryCreate(pod("try", LOCKED, edited(edit)));
                await tenant.tryCreate(deployment(edited(edit), LOCKED));
            });
        }

        it("can use every kind that makes pods", async () => {
            for (const object of kinds(template(image), LOCKED)) {
                await tenant.tryCreate(object);
            }
        });

        it("can create what the charts and operators of the field make pods of", async () => {
            for (const { object } of ordinaryWorkloads(image)) {
                await tenant.tryCreate(inNamespace(object, LOCKED));
            }
        });

        for (const { what, object } of ORDINARY_OBJECTS) {
            it(`can create a ${what}`, () =>
                (needsOwner(object) ? owner : tenant).tryCreate(inNamespace(object, LOCKED)));
        }
    });

    describe("before the lockdown and after it", () => {
        it("has started no container before the namespace's NetworkPolicy was there", async () => {
            const networking = cluster.api(k8s.NetworkingV1Api);
            const { metadata } = await networking.readNamespacedNetworkPolicy({
                name: "egress-lockdown",
                namespace: LOCKED,
            });
            const started = await waitFor("the first container", 60, async () => {
                const { status } = await cluster.core.readNamespacedPod({ name: "first", namespace: LOCKED });
                const states = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
                    ({ state }) => state?.running?.startedAt ?? state?.terminated?.startedAt,
                );
                return states.find((time) => time !== undefined);
            });
            assert.ok(started.getTime() >= metadata!.creationTimestamp!.getTime(), started.toISOString());
        });

        it("runs none in a namespace of the lockdown that has none", async () => {
            const name = "adversary-new";
            const labels = { "istio-injection": "enabled", "mesh-egress/lockdown-by": "adversary" };
            const namespace: AnyObject = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
            const account: AnyObject = {
                apiVersion: "v1",
                kind: "ServiceAccount",
                metadata: { name: "default", namespace: name },
            };
            await cluster.apply(namespace);
            try {
                await cluster.apply(account);
                const first = pod("try", name, template(image));
                await refusedBy(/'adversary-start'/, cluster.tryCreate(first));
                await cluster.apply({
                    apiVersion: "networking.istio.io/v1",
                    kind: "Sidecar",
                    metadata: { name: "egress-lockdown", namespace: name },
                    spec: { egress: [{ hosts: ["./*"] }] },
                });
                await waitFor("the pod to be let in", 15, async () => {
                    await cluster.tryCreate(first);
                    return true;
                });
            } finally {
                await cluster.remove(namespace);
            }
        });

        /** Calls another pod for as long as the pod lives, as the sidecar's user, whose connections nothing redirects. */
        async function calling(namespace: string): Promise<() => string> {
            const name = `calling-${namespace}`;
            const made = template(image, name);
            // Ignores the signal to end, and so calls for as long as it can.
            made.spec.terminationGracePeriodSeconds = 10;
            await cluster.apply(pod(name, namespace, made));
            const found = await cluster.readyPod(namespace, `app=${name}`, "app", 120);
            return cluster.start({ ...found, container: "istio-proxy" }, [
                "sh",
                "-c",
                `while :; do curl -s -o /dev/null --connect-timeout 0.5 --max-time 1 http://${await target()}:15021/healthz/ready && echo out || echo held; done`,
            ]);
        }

        let address: Promise<string> | undefined;
        function target(): Promise<string> {
            return (address ??= (async () => {
                await cluster.apply(pod("target", OPEN, template(image, "target")));
                const { name } = await cluster.readyPod(OPEN, "app=target", "app", 120);
                const { status } = await cluster.core.readNamespacedPod({ name, namespace: OPEN });
                return status?.podIP ?? "";
            })());
        }

        const count = (text: string, word: string) => text.split("\n").filter((line) => line === word).length;

        /** Nothing gets out while that runs, and calls were tried during it. */
        async function holds(namespace: string, during: () => Promise<unknown>): Promise<void> {
            const [locked, open] = await Promise.all([calling(namespace), calling(OPEN)]);
            await waitFor("calls", 20, () => Promise.resolve(count(locked(), "held") > 0 && count(open(), "out") > 0));
            const before = count(locked(), "held");
            await during();
            assert.equal(count(locked(), "out"), 0, locked());
            assert.ok(count(locked(), "held") > before + 3, `${count(locked(), "held")} calls, ${before} before`);
        }

        it("does not get out of a namespace that leaves the lockdown and is deleted", async () => {
            const rest = await openProofStack(
                environment.engine,
                environment.plugins,
                environment.local,
                "adversary",
                adversaryProgram(environment.local, [LOCKED]),
            );
            await holds(ALSO_LOCKED, () => rest.up(listening));
        });

        it("does not get out while everything is destroyed", async () => {
            destroyed = true;
            await holds(LOCKED, () => stack.destroy(listening));
        });
    });
});
