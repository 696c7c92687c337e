import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EgressLockdown, EgressLockdownArgs, EgressRoute, PolicyEngine } from "../../../../components";
import { failures, record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";

const good: EgressLockdownArgs = {
    namespaces: ["payments", "idle"],
    gateway: { gatewayName: "door", namespace: "egress" },
    mesh: { namespace: "istio-system" },
    routes: [{ callerNamespaces: ["payments"] }],
    policyEngine: PolicyEngine.Cilium,
    gatewayEgress: [{ range: "203.0.113.0/24" }],
    imageRegistries: ["registry.example"],
};

interface Policy {
    spec: { egress: object[]; ingress?: { from: object[] }[] };
}

const toGateway = {
    to: [
        {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "egress" } },
            podSelector: { matchLabels: { istio: "door" } },
        },
    ],
    // Of the pods: 443 and 15444 of the service.
    ports: [
        { protocol: "TCP", port: 8443 },
        { protocol: "TCP", port: 15444 },
    ],
};

describe("EgressLockdown", () => {
    it("opens the gateway for the namespaces of its routes alone", async () => {
        const recorder = await record();
        await run(recorder, () => {
            const route = new EgressRoute("partner", {
                gateway: good.gateway,
                credential: "partner",
                hosts: ["api.partner.example"],
                allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
            });
            return new EgressLockdown("lock", { ...good, routes: [route] });
        });
        const policy = (name: string) => recorder.named(`lock-${name}-network-policy`).inputs as unknown as Policy;
        assert.deepEqual(policy("payments").spec.egress[2], toGateway);
        assert.equal(policy("idle").spec.egress.length, 2);
        assert.deepEqual(
            policy("gateway").spec.ingress?.map(({ from }) => from),
            [[{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "payments" } } }]],
        );
    });

    it("refuses a route whose address is in a locked namespace, known at preview or later", async () => {
        for (const address of ["web.payments.svc", pulumi.output("web.payments.svc")]) {
            const recorder = await record();
            const failed = await failures(recorder, () => {
                const route = new EgressRoute("partner", {
                    gateway: good.gateway,
                    credential: "partner",
                    hosts: ["api.partner.example"],
                    address,
                    allowFrom: [{ namespace: "payments" }],
                });
                new EgressLockdown("lock", { ...good, routes: [route] });
            });
            assert.match(String(failed), /routes\[0\]\.address.*locked namespace payments/s);
        }
    });

    it("opens what locked namespaces also reach, where the servers are too, and guards what it makes there", async () => {
        const recorder = await record();
        const alsoReaches = [
            { namespace: "orders", ports: [8080] },
            { namespace: "idle", ports: [9090] },
        ];
        await run(recorder, () => new EgressLockdown("lock", { ...good, alsoReaches }));
        const made = recorder.resources.filter(({ name }) => name.endsWith("-authorization"));
        assert.deepEqual(
            made.map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace),
            ["orders"],
            "tenants of a locked namespace let others in themselves",
        );
        const { spec } = recorder.named("lock-guards-binding").inputs as {
            spec: { matchResources: { namespaceSelector: { matchExpressions: { values: string[] }[] } } };
        };
        assert.deepEqual(spec.matchResources.namespaceSelector.matchExpressions[0].values, [
            "payments",
            "idle",
            "orders",
            "egress",
        ]);
    });

    it("lets the check ask the DNS cache as locked pods may", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressLockdown("lock", { ...good, nodeDnsRanges: ["169.254.20.10/32"] }));
        const made = recorder.ofType("kubernetes:cilium.io/v2:CiliumNetworkPolicy").map(({ name }) => name);
        assert.deepEqual(made.sort(), [
            "lock-check-node-dns",
            "lock-gateway-node-dns",
            "lock-idle-node-dns",
            "lock-payments-node-dns",
        ]);
        assert.ok(recorder.named("lock-check").dependencies.includes(recorder.named("lock-check-node-dns").urn));
    });

    it("has as many objects for a thousand routes as for one", async () => {
        const counts: number[] = [];
        for (const routes of [1, 1000]) {
            const recorder = await record();
            const callers = Array.from({ length: routes }, () => good.routes[0]);
            await run(recorder, () => new EgressLockdown("lock", { ...good, routes: callers }));
            counts.push(recorder.resources.length);
        }
        assert.equal(counts[0], counts[1]);
    });

    it("makes nothing before the cluster has shown that it enforces policies", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressLockdown("lock", { ...good, administrators: [] }));
        const check = recorder.named("lock-check");
        const before = ["lock-check-namespace", "lock-check-network-policy", "lock-check", "lock"];
        const after = recorder.resources.filter(({ name }) => !before.includes(name));
        assert.ok(after.length > 10);
        // The check for claims waits for the other policies, and these for the first check.
        for (const { name, dependencies } of after.filter((one) => !one.name.startsWith("lock-claims"))) {
            // A binding waits for what it binds.
            const bound = /^(.*)-(binding|labelled)$/.exec(name)?.[1];
            const first = bound === undefined ? check : recorder.named(bound);
            assert.ok(dependencies.includes(first.urn), name);
        }
        assert.ok(check.dependencies.includes(recorder.named("lock-check-network-policy").urn));
    });

    it("makes namespaces after all that judges them, so that they are gone before it", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressLockdown("lock", good));
        const bindings = recorder.ofType("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding");
        assert.ok(bindings.length > 10);
        const before = [
            ...bindings.filter(({ name }) => name !== "lock-claims-binding"),
            recorder.named("lock-gateway-network-policy"),
            recorder.named("lock-claims-check"),
        ];
        for (const name of ["lock-payments", "lock-idle"]) {
            const { dependencies, urn } = recorder.named(name);
            assert.deepEqual(
                before.filter((one) => !dependencies.includes(one.urn)),
                [],
            );
            const sidecar = recorder.named(`${name}-sidecar`);
            assert.ok(sidecar.dependencies.includes(recorder.named(`${name}-network-policy`).urn), name);
            // Deleted by the namespace itself, which ends its pods first.
            for (const inside of [`${name}-network-policy`, `${name}-sidecar`]) {
                assert.ok(recorder.named(inside).dependencies.includes(urn), inside);
            }
        }
    });

    it("looks for claims after every policy, with an account that has rights only while a policy restricts it", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressLockdown("lock", { ...good, sharedHostsWith: ["egress-eu"] }));
        const bindings = recorder
            .ofType("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding")
            .filter(({ name }) => name !== "lock-claims-binding");
        const restriction = recorder.named("lock-claims");
        assert.deepEqual(
            bindings.filter(({ urn }) => !restriction.dependencies.includes(urn)),
            [],
        );
        const job = recorder.named("lock-claims-check");
        const rights = ["role", "role-binding", "in-force-role", "in-force-role-binding", "account"];
        for (const one of rights.map((right) => recorder.named(`lock-claims-${right}`))) {
            assert.ok(one.dependencies.includes(recorder.named("lock-claims-binding").urn), one.name);
            assert.ok(job.dependencies.includes(one.urn), one.name);
        }
        const { spec } = job.inputs as unknown as {
            spec: { template: { spec: { serviceAccountName: string; containers: { command: string[] }[] } } };
        };
        assert.equal(spec.template.spec.serviceAccountName, "claims");
        assert.match(spec.template.spec.containers[0].command[2], /lock-host-claims\|lock-gateway-claims/);
        assert.match(spec.template.spec.containers[0].command[2], /\(egress\|istio-system\|egress-eu\) /);
        const { spec: binding } = recorder.named("lock-host-claims-binding").inputs as unknown as {
            spec: { matchResources: { namespaceSelector: { matchExpressions: { values: string[] }[] } } };
        };
        const { matchExpressions } = binding.matchResources.namespaceSelector;
        assert.deepEqual(matchExpressions[0].values, ["egress", "egress-eu"]);
    });

    it("creates the namespaces with their labels, or tells which they need", async () => {
        const recorder = await record();
        const mesh = { ...good.mesh, revision: "canary" };
        const lockdown = await run(recorder, () => new EgressLockdown("lock", { ...good, mesh, istioCni: true }));
        const { labels } = recorder.named("lock-idle").inputs.metadata as { labels: Record<string, string> };
        assert.equal(labels["istio.io/rev"], "canary");
        assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
        assert.deepEqual(await valueOf(lockdown.namespaceLabels), labels);
        assert.deepEqual(await valueOf(lockdown.namespaces), ["payments", "idle"]);

        const without = await record();
        await run(without, () => new EgressLockdown("lock", { ...good, createNamespaces: false }));
        assert.deepEqual(
            without.ofType("kubernetes:core/v1:Namespace").map(({ name }) => name),
            ["lock-check-namespace"],
        );
    });

    it("gives groups the gateway's namespace where they are named", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressLockdown("lock", { ...good, administrators: ["egress-team"] }));
        const { metadata, subjects } = recorder.named("lock-administrators-binding").inputs as {
            metadata: object;
            subjects: object[];
        };
        assert.deepEqual(metadata, { name: "door-administrators", namespace: "egress" });
        assert.deepEqual(subjects, [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "egress-team" }]);
    });

    it("refuses everything that is wrong, before anything is registered", async () => {
        const bad = { ...good, staticEgressGateway: true, namespaces: [], gatewayEgress: [] };
        for (const preview of [true, false]) {
            assert.deepEqual(await refusedPaths(() => new EgressLockdown("lock", bad), { preview }), [
                "namespaces",
                "staticEgressGateway",
                "gatewayEgress",
            ]);
        }
        const none = { ...good, policyEngine: "none" as PolicyEngine };
        assert.deepEqual(await refusedPaths(() => new EgressLockdown("lock", none)), ["policyEngine"]);
    });

    it("refuses a gateway that takes calls in plaintext", async () => {
        const gateway = { ...good.gateway, plaintextPort: true };
        assert.deepEqual(await refusedPaths(() => new EgressLockdown("lock", { ...good, gateway })), [
            "gateway.plaintextPort",
        ]);
    });

    it("refuses to lock the gateway in, also where its namespace is known late", async () => {
        const namespaces = ["payments", "egress"];
        assert.deepEqual(await refusedPaths(() => new EgressLockdown("lock", { ...good, namespaces })), [
            "namespaces[1]",
        ]);
        const recorder = await record();
        const gateway = { ...good.gateway, namespace: pulumi.output("egress") };
        const [error] = await failures(recorder, () => new EgressLockdown("lock", { ...good, namespaces, gateway }));
        assert.match(error.message, /the gateway's namespace/);
        const locks = recorder.resources.filter(({ type }) => /NetworkPolicy|ValidatingAdmission/.test(type));
        assert.deepEqual(
            locks.map(({ name }) => name).filter((name) => !name.startsWith("lock-check")),
            [],
        );
    });

    it("can be previewed before mesh and gateway are there", async () => {
        const known = await record();
        await run(known, () => new EgressLockdown("lock", good));
        const preview = await record({ preview: true });
        const unknown = unknownOutput<string>();
        const gateway = { gatewayName: unknown, namespace: unknown };
        await run(preview, () => new EgressLockdown("lock", { ...good, gateway, mesh: { namespace: unknown } }));
        assert.equal(preview.resources.length, known.resources.length);
    });

    it("closes istiod's own egress only if it is told what istiod needs", async () => {
        const made = async (change: Partial<EgressLockdownArgs>) => {
            const recorder = await record();
            await run(recorder, () => new EgressLockdown("lock", { ...good, ...change }));
            return recorder.resources.find(({ name }) => name === "lock-control-plane-network-policy")?.inputs;
        };
        assert.equal(await made({}), undefined);
        const { metadata, spec } = (await made({ controlPlaneEgress: ["203.0.113.10/32"] })) as unknown as {
            metadata: { namespace: string };
            spec: {
                podSelector: object;
                policyTypes: string[];
                egress: { to: object[]; ports?: { port: number }[] }[];
            };
        };
        assert.equal(metadata.namespace, "istio-system");
        assert.deepEqual(spec.podSelector, { matchLabels: { app: "istiod" } });
        assert.deepEqual(spec.policyTypes, ["Egress"]);
        assert.deepEqual(
            spec.egress.map(({ ports }) => ports?.map(({ port }) => port)),
            [[53, 53], undefined],
        );
        assert.deepEqual(spec.egress[1].to, [{ ipBlock: { cidr: "203.0.113.10/32" } }]);
    });

    describe("checks", () => {
        interface CheckJob {
            spec: { template: { metadata: { annotations: Record<string, string>; labels: object }; spec: object } };
        }
        const CHECKS = ["lock-check", "lock-claims-check", "lock-idle-check", "lock-payments-check"];

        async function annotations(change: Partial<EgressLockdownArgs> = {}) {
            const recorder = await record();
            await run(recorder, () => new EgressLockdown("lock", { ...good, ...change }));
            const jobs = recorder.ofType("kubernetes:batch/v1:Job");
            assert.deepEqual(jobs.map(({ name }) => name).sort(), CHECKS);
            return jobs
                .map(({ inputs }) => (inputs as unknown as CheckJob).spec.template.metadata.annotations)
                .map((all) => [all["mesh-egress/lockdown"], all["mesh-egress/version"]].join(" "));
        }

        it("are the same for the same lockdown, and others for any that differs", async () => {
            const first = await annotations();
            assert.equal(new Set(first).size, 1);
            assert.match(first[0], /^[0-9a-f]{64} $/);
            assert.deepEqual(await annotations(), first);
            const changes: Partial<EgressLockdownArgs>[] = [
                { routes: [{ callerNamespaces: ["idle"] }] },
                { gatewayEgress: [{ range: "203.0.113.0/25" }] },
                { imageRegistries: ["registry.example/other"] },
                { alsoReaches: [{ namespace: "orders", ports: [8080] }] },
                { administrators: ["egress-team"] },
                { mesh: { namespace: "istio-system", revision: "next" } },
                { checkTriggers: { version: "2" } },
            ];
            for (const change of changes) {
                const now = await annotations(change);
                assert.ok(
                    now.every((one) => one !== first[0]),
                    JSON.stringify(change),
                );
            }
        });

        it("run by time too, with the same pod, where a schedule is given", async () => {
            const recorder = await record();
            const checkSchedule = "17 * * * *";
            await run(recorder, () => new EgressLockdown("lock", { ...good, checkSchedule }));
            const made = recorder.ofType("kubernetes:batch/v1:CronJob");
            assert.deepEqual(
                made.map(({ name }) => name).sort(),
                ["idle", "payments"].map((one) => `lock-${one}-scheduled-check`),
            );
            const { metadata, spec } = recorder.named("lock-idle-scheduled-check").inputs as unknown as {
                metadata: object;
                spec: { schedule: string; jobTemplate: CheckJob & { metadata: object } };
            };
            assert.equal(spec.schedule, checkSchedule);
            const { inputs } = recorder.named("lock-idle-check");
            const job = inputs as unknown as CheckJob & { metadata: { labels: object } };
            assert.deepEqual(metadata, {
                name: "egress-lockdown-check",
                namespace: "idle",
                labels: job.metadata.labels,
            });
            assert.deepEqual(spec.jobTemplate.metadata, { labels: job.metadata.labels });
            assert.deepEqual(spec.jobTemplate.spec.template.spec, job.spec.template.spec);
            assert.ok(
                recorder
                    .named("lock-idle-scheduled-check")
                    .dependencies.includes(recorder.named("lock-idle-sidecar").urn),
            );
        });

        it("look for claims again when a route has other hosts", async () => {
            const at = async (hosts?: string[]) => {
                const recorder = await record();
                const routes = [{ callerNamespaces: ["payments"], hosts }];
                await run(recorder, () => new EgressLockdown("lock", { ...good, routes }));
                const { inputs } = recorder.named("lock-claims-check");
                return (inputs as unknown as CheckJob).spec.template.metadata.annotations["mesh-egress/hosts"];
            };
            const [none, one, two] = [await at(), await at(["a.example"]), await at(["a.example", "b.example"])];
            assert.equal(new Set([none, one, two]).size, 3);
            assert.equal(await at(["a.example"]), one);
        });

        it("try the namespaces once everything locks them, in the mesh, and are done before the lockdown is", async () => {
            const recorder = await record();
            await run(recorder, () => new EgressLockdown("lock", good));
            const job = recorder.named("lock-idle-check");
            for (const lock of ["lock-idle-network-policy", "lock-payments-sidecar", "lock-workloads-labelled"]) {
                assert.ok(job.dependencies.includes(recorder.named(lock).urn), lock);
            }
            const { metadata, spec } = job.inputs as unknown as CheckJob & { metadata: object };
            assert.deepEqual(metadata, {
                name: "egress-lockdown-check",
                namespace: "idle",
                labels: { "mesh-egress/lockdown": "guard" },
                annotations: { "pulumi.com/replaceUnready": "true" },
            });
            assert.deepEqual(spec.template.metadata.labels, { "sidecar.istio.io/inject": "true" });
        });
    });
});
