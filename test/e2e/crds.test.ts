import assert from "node:assert/strict";
import fc from "fast-check";
import { Cluster } from "../../lab/proof/cluster";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { MODE_NAMES, longHost } from "../support/arbitraries";
import { localEnvironment } from "../support/localEnvironment";
import { Plan, acceptedPlan, anyRoute, planObjects } from "../support/plans";

/** A dry run wants namespaces that are there. */
const GATEWAY_NAMESPACE = "crds-gateway";
const CALLER_NAMESPACE = "crds-callers";

const PLANS = 60;
const SEED = 20;

/** One way to spoil an object of a kind, and who refuses it: the CRD's schema, or istiod's webhook. */
const BROKEN: { kind: string; what: string; by: RegExp; spoil: (spec: Spec) => void }[] = [
    {
        kind: "DestinationRule",
        what: "a TLS mode that does not exist",
        by: /Unsupported value/,
        spoil: (spec) => (spec.trafficPolicy = { tls: { mode: "MAYBE" } }),
    },
    {
        kind: "ServiceEntry",
        what: "an endpoint that is no address",
        by: /validation\.istio\.io|Invalid value/,
        spoil: (spec) => (spec.endpoints = [{ address: "no address" }]),
    },
    {
        kind: "ServiceEntry",
        what: "a namespace twice",
        by: /validation\.istio\.io/,
        spoil: (spec) => (spec.exportTo = [".", "a", "a"]),
    },
    {
        kind: "VirtualService",
        what: "no hosts",
        by: /validation\.istio\.io/,
        spoil: (spec) => (spec.hosts = []),
    },
    {
        kind: "VirtualService",
        what: "a regular expression that RE2 does not take",
        by: /validation\.istio\.io/,
        spoil: (spec) => (spec.http = [{ match: [{ authority: { regex: "(?=a)" } }], redirect: { uri: "/" } }]),
    },
    {
        kind: "Gateway",
        what: "no servers",
        by: /validation\.istio\.io/,
        spoil: (spec) => (spec.servers = []),
    },
    {
        kind: "AuthorizationPolicy",
        what: "an action that does not exist",
        by: /Unsupported value/,
        spoil: (spec) => (spec.action = "MAYBE"),
    },
];

/** Long hosts are where names of objects come to their limits. */
const longRoute = fc
    .tuple(anyRoute, fc.uniqueArray(longHost, { minLength: 1, maxLength: 2 }))
    .map(([route, hosts]) => ({ ...route, hosts: hosts.slice(0, route.serviceName ? 1 : undefined) }));

type Spec = Record<string, unknown>;

describe("the objects of accepted plans", function () {
    let cluster: Cluster;
    let plans: Plan[];

    before(async function () {
        ({ cluster } = await localEnvironment(this));
        await Promise.all([GATEWAY_NAMESPACE, CALLER_NAMESPACE].map((name) => cluster.apply(namespace(name))));
        plans = fc.sample(acceptedPlan(longRoute), { numRuns: PLANS, seed: SEED }).map(placed);
    });

    after(async () => {
        await Promise.all([GATEWAY_NAMESPACE, CALLER_NAMESPACE].map((name) => cluster?.remove(namespace(name))));
    });

    it("are of every mode", () => {
        const modes = new Set(plans.flatMap(({ routes }) => routes.map(({ mode }) => mode)));
        assert.equal(modes.size, MODE_NAMES.length);
    });

    it("are accepted by the API server, Istio's schemas and istiod's webhook", async () => {
        for (const plan of plans) {
            const refused = await Promise.all(planObjects(plan).map((object) => violationOf(cluster, object)));
            assert.deepEqual(refused.filter(Boolean), []);
        }
    });

    for (const { kind, what, by, spoil } of BROKEN) {
        it(`are not accepted where a ${kind} has ${what}`, async () => {
            const object = plans.flatMap(planObjects).find((one) => one.kind === kind);
            assert.ok(object);
            const broken = structuredClone(object);
            spoil(broken.spec);
            assert.match((await violationOf(cluster, broken)) ?? "accepted", by);
        });
    }
});

function namespace(name: string) {
    return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** The same plan with its objects in the namespaces of this test; those of further callers are only named. */
function placed({ gateway, routes }: Plan): Plan {
    const here = { ...gateway, namespace: GATEWAY_NAMESPACE };
    return {
        gateway: here,
        routes: routes.map((route) => ({
            ...route,
            gateway: here,
            allowFrom: route.allowFrom.map((caller, index) =>
                index === 0 ? { ...caller, namespace: CALLER_NAMESPACE } : caller,
            ),
        })),
    };
}

/** Why the cluster would not take the object; nothing is created. */
async function violationOf(cluster: Cluster, object: KubernetesObject): Promise<string | undefined> {
    try {
        await cluster.objects.create(object, undefined, "All");
        return undefined;
    } catch (error) {
        return `${object.kind} ${object.metadata.name}: ${String((error as Error).message)}`;
    }
}
