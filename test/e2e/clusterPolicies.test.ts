import assert from "node:assert/strict";
import fc from "fast-check";
import { Cluster } from "../../lab/proof/cluster";
import { ClusterPolicy } from "../../plan/egress/lockdown/clusterPolicy";
import { enginePolicies } from "../../plan/egress/lockdown/enginePolicies";
import { resolvedLockdown } from "../../plan/egress/lockdown/options";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { label } from "../support/arbitraries";
import { engineCrds, serve } from "../support/engineCrds";
import { machine } from "../support/machine";

/** Namespaces of the made objects: a dry run wants namespaces that are there. */
const PLACE = "cluster-policies";
const LOCKDOWNS = 40;
const SEED = 16;

const lockdown = fc.record({
    clusterPolicy: fc.constantFrom<ClusterPolicy>("cilium", "calico", "clusterNetworkPolicy"),
    also: fc.uniqueArray(label(), { maxLength: 4 }),
    namespaces: fc.uniqueArray(label(), { maxLength: 4 }),
    nodeDnsRanges: fc.subarray(["169.254.20.10/32", "10.0.0.10/32", "fd00::a/128"]),
});

type Spec = Record<string, unknown>;

/** One way to spoil an object of each kind, and what its schema says. */
const BROKEN: { kind: string; what: string; says: RegExp; spoil: (spec: Spec) => void }[] = [
    {
        kind: "CiliumClusterwideNetworkPolicy",
        what: "an entity that does not exist",
        says: /Unsupported value/,
        spoil: (spec) => (spec.egressDeny = [{ toEntities: ["everybody"] }]),
    },
    {
        kind: "CiliumNetworkPolicy",
        what: "a port without its protocol's name",
        says: /Unsupported value/,
        spoil: (spec) => (spec.egress = [{ toPorts: [{ ports: [{ port: "53", protocol: "DNS" }] }] }]),
    },
    {
        kind: "GlobalNetworkPolicy",
        what: "a selector that is a list",
        says: /must be of type string/,
        spoil: (spec) => (spec.namespaceSelector = ["payments"]),
    },
    {
        kind: "ClusterNetworkPolicy",
        what: "a tier that does not exist",
        says: /Unsupported value/,
        spoil: (spec) => (spec.tier = "Tenant"),
    },
];

describe("the cluster-wide policies of a lockdown, before the policy engines' own CRDs", function () {
    const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: PLACE } };
    let cluster: Cluster;
    let crds: Awaited<ReturnType<typeof engineCrds>> = [];
    let objects: KubernetesObject[];

    before(async function () {
        const { kubeconfig, context } = await machine.cluster(this);
        cluster = new Cluster(kubeconfig, context);
        crds = await engineCrds();
        await Promise.all([serve(cluster, crds), cluster.apply(place)]);
        objects = fc.sample(lockdown, { numRuns: LOCKDOWNS, seed: SEED }).flatMap(policies);
    });

    after(async () => {
        await Promise.all([place, ...crds].map((object) => cluster?.remove(object)));
    });

    it("are of every kind that a CRD is for", () => {
        const kinds = new Set(objects.map(({ kind }) => kind));
        assert.deepEqual([...kinds].sort(), crds.map(({ spec }) => spec.names.kind).sort());
    });

    it("are accepted, and no field is one that the schema does not know", async () => {
        const refused = await Promise.all(objects.map((object) => refusal(cluster, object)));
        assert.deepEqual(refused.filter(Boolean), []);
    });

    for (const { kind, what, says, spoil } of BROKEN) {
        it(`are refused where a ${kind} has ${what}, or a field that its schema does not know`, async () => {
            const object = objects.find((one) => one.kind === kind);
            assert.ok(object);
            const broken = structuredClone(object);
            spoil(broken.spec);
            assert.match((await refusal(cluster, broken)) ?? "accepted", says);
            const unknown = { ...object, spec: { ...object.spec, tenants: ["any"] } };
            assert.match((await refusal(cluster, unknown)) ?? "accepted", /unknown field spec.tenants/);
        });
    }
});

function policies({ also, namespaces, ...options }: { also: string[]; namespaces: string[] } & Spec) {
    const resolved = resolvedLockdown({
        ...options,
        namespaces: [PLACE, ...namespaces],
        policyEngine: options.clusterPolicy === "cilium" ? "cilium" : "other",
        gatewayEgress: [{ internet: true }],
        imageRegistries: ["registry.example"],
        alsoReaches: also.map((namespace) => ({ namespace, ports: [8080] })),
    });
    const context = { gateway: { name: "gateway", namespace: PLACE }, meshNamespace: "istio-system" };
    return enginePolicies("lock", resolved)
        .map(({ build }) => build(context))
        .filter(({ metadata }) => metadata.namespace === undefined || metadata.namespace === PLACE);
}

/** Why the API server would not take the object as it is; nothing is created. */
async function refusal(cluster: Cluster, object: KubernetesObject): Promise<string | undefined> {
    const what = `${object.kind} ${object.metadata.name}`;
    try {
        const taken = await cluster.objects.create<KubernetesObject>({ ...object }, undefined, "All");
        // The API server drops fields that the schema does not know.
        const [dropped] = missing(object.spec, taken.spec, "spec");
        return dropped === undefined ? undefined : `${what}: unknown field ${dropped}`;
    } catch (error) {
        return `${what}: ${String((error as Error).message)}`;
    }
}

function missing(given: unknown, taken: unknown, path: string): string[] {
    if (typeof given !== "object" || given === null) {
        return given === taken ? [] : [path];
    }
    return Object.entries(given).flatMap(([key, value]) =>
        missing(value, (taken as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
    );
}
