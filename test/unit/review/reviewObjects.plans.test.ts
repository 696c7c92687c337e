import assert from "node:assert/strict";
import fc from "fast-check";
import { KubernetesObject } from "../../../plan/shared/kubernetesObject";
import { RawObject } from "../../../review/rawObject";
import { ReviewContext } from "../../../review/reviewContext";
import { reviewObjects } from "../../../review/reviewObjects";
import { EgressMode } from "../../../plan/egress/route/options";
import { resolvedRoute } from "../../support/arbitraries";
import { secret, service } from "../../support/objects";
import { Plan, acceptedPlan, planObjects } from "../../support/plans";

const context: ReviewContext = { rootNamespace: "istio-system", outboundTrafficPolicy: "REGISTRY_ONLY" };

interface Tls {
    credentialName?: string;
    mode?: string;
    subjectAltNames?: string[];
    insecureSkipVerify?: boolean;
}

interface Policy {
    tls?: Tls;
    portLevelSettings?: { tls?: Tls }[];
}

/** The parts of the planner's objects that a mutation changes. */
interface Spec {
    exportTo?: string[];
    host?: string;
    ports?: { protocol: string; targetPort?: number }[];
    resolution?: string;
    servers?: { tls?: object }[];
    subsets?: { trafficPolicy: Policy }[];
    trafficPolicy?: Policy;
    workloadSelector?: object;
}

/** One way to spoil a plan, and the rule that must notice. */
interface Mutation {
    what: string;
    modes: EgressMode[];
    rule: string;
    context?: (plan: Plan) => ReviewContext;
    mutate: (objects: KubernetesObject[], plan: Plan) => RawObject[];
}

const AT_GATEWAY: EgressMode[] = ["mutualTls", "simpleTls"];
const AT_SIDECAR: EgressMode[] = ["sidecarMutualTls", "sidecarSimpleTls"];
const THROUGH_GATEWAY: EgressMode[] = [...AT_GATEWAY, "http", "passthrough"];

const MUTATIONS: Mutation[] = [
    {
        what: "a rule loses subjectAltNames",
        modes: [...AT_GATEWAY, ...AT_SIDECAR],
        rule: "server-name-unchecked",
        mutate: change("DestinationRule", (spec) => originating(spec).forEach((tls) => delete tls.subjectAltNames)),
    },
    {
        what: "a rule stops verifying",
        modes: [...AT_GATEWAY, ...AT_SIDECAR],
        rule: "server-name-unchecked",
        mutate: change("DestinationRule", (spec) =>
            originating(spec).forEach((tls) => (tls.insecureSkipVerify = true)),
        ),
    },
    {
        what: "a sidecar's rule loses its selector",
        modes: ["sidecarMutualTls"],
        rule: "sidecar-credential",
        mutate: change("DestinationRule", (spec) => delete spec.workloadSelector),
    },
    {
        what: "the answer to other workloads is gone",
        modes: ["sidecarMutualTls"],
        rule: "selector-leaves-others",
        mutate: (objects) => objects.filter(({ kind }) => kind !== "VirtualService"),
    },
    {
        what: "the host of a sidecar's rule becomes visible to all",
        modes: ["sidecarMutualTls"],
        rule: "selector-leaves-others",
        mutate: change("ServiceEntry", (spec) => (spec.exportTo = ["*"])),
    },
    {
        what: "a gateway's rule is exported and the way to the gateway is gone",
        modes: ["mutualTls"],
        rule: "sidecar-credential",
        mutate: (objects, plan) =>
            change("DestinationRule", (spec) => delete spec.exportTo)(
                change("ServiceEntry", (spec) => (spec.exportTo = ["*"]))(objects, plan).filter(
                    ({ kind }) => kind !== "VirtualService",
                ),
                plan,
            ),
    },
    {
        what: "a gateway's rule is exported from the root namespace",
        modes: AT_GATEWAY,
        rule: "root-namespace-rule",
        context: ({ gateway }) => ({ ...context, rootNamespace: gateway.namespace }),
        mutate: change("DestinationRule", (spec) => {
            delete spec.exportTo;
            // Sidecars ignore a rule with a credential.
            originating(spec).forEach((tls) => delete tls.credentialName);
        }),
    },
    {
        what: "the gateway takes calls without mutual TLS",
        modes: ["mutualTls"],
        rule: "plaintext-to-gateway",
        mutate: change("Gateway", (spec) => spec.servers?.forEach((server) => delete server.tls)),
    },
    {
        what: "sidecars call the gateway without mutual TLS",
        modes: ["mutualTls"],
        rule: "plaintext-to-gateway",
        mutate: change("DestinationRule", (spec) => {
            for (const { tls } of spec.trafficPolicy?.portLevelSettings ?? []) {
                if (tls?.mode === "ISTIO_MUTUAL") {
                    tls.mode = "DISABLE";
                }
            }
        }),
    },
    {
        what: "the gateway is left without an address",
        modes: AT_GATEWAY,
        rule: "gateway-without-name",
        mutate: change("ServiceEntry", (spec) => (spec.resolution = "NONE")),
    },
    {
        what: "what is passed through loses the rule that leaves it alone",
        modes: ["passthrough"],
        rule: "origination-and-passthrough",
        mutate: (objects) => objects.filter(({ spec }) => (spec as Spec).trafficPolicy?.tls?.mode !== "DISABLE"),
    },
    {
        what: "applications speak TLS where a sidecar originates it",
        modes: AT_SIDECAR,
        rule: "double-tls",
        mutate: change("ServiceEntry", (spec) => spec.ports?.forEach((port) => (port.protocol = "TLS"))),
    },
    {
        what: "there is a second way to a host",
        modes: THROUGH_GATEWAY,
        rule: "virtual-service-twice",
        mutate: copy("VirtualService"),
    },
    {
        what: "a host is declared a second time, otherwise",
        modes: [...THROUGH_GATEWAY, ...AT_SIDECAR],
        rule: "service-entry-twice",
        mutate: copy("ServiceEntry", (spec) =>
            spec.ports?.forEach((port) => (port.targetPort = (port.targetPort ?? 0) + 1)),
        ),
    },
    {
        what: "a host has a second rule, another one",
        modes: [...THROUGH_GATEWAY, ...AT_SIDECAR],
        rule: "destination-rule-twice",
        mutate: copy("DestinationRule", (spec) => {
            spec.trafficPolicy = { tls: { mode: "ISTIO_MUTUAL" } };
            spec.subsets = [];
        }),
    },
    {
        what: "there is a second Gateway for the same pods",
        modes: THROUGH_GATEWAY,
        rule: "gateway-host-twice",
        mutate: copy("Gateway"),
    },
    {
        what: "the mesh lets undeclared hosts pass",
        modes: THROUGH_GATEWAY,
        rule: "allow-list-under-allow-any",
        context: () => ({ ...context, outboundTrafficPolicy: "ALLOW_ANY" }),
        mutate: (objects) => objects,
    },
    {
        what: "the credential is in another namespace",
        modes: ["mutualTls"],
        rule: "credential-elsewhere",
        mutate: withSecret(({ credential }) => [secret(`elsewhere/${credential}`, ["tls.crt", "tls.key", "ca.crt"])]),
    },
    {
        what: "the credential has no CA",
        modes: ["mutualTls"],
        rule: "credential-without-ca",
        mutate: withSecret(({ credential, namespace }) => [
            secret(`${namespace}/${credential}`, ["tls.crt", "tls.key"]),
        ]),
    },
    {
        what: "another CA stands beside the credential",
        modes: ["mutualTls"],
        rule: "stray-ca-secret",
        mutate: withSecret(({ credential, namespace }) => [
            secret(`${namespace}/${credential}`, ["tls.crt", "tls.key", "ca.crt"]),
            secret(`${namespace}/${credential}-cacert`, ["ca.crt"]),
        ]),
    },
    {
        what: "a service stands for a host that is not declared any more",
        modes: ["direct"],
        rule: "external-name-blocked",
        mutate: (objects, { routes: [{ hosts }] }) => [
            ...objects.filter(({ kind }) => kind !== "ServiceEntry"),
            service("payments/partner", { type: "ExternalName", externalName: hosts[0] }),
        ],
    },
];

describe("what the planner makes", () => {
    it("has no finding, whatever modes it has and however many routes", () => {
        fc.assert(
            fc.property(acceptedPlan(), (plan) => {
                assert.deepEqual(reviewObjects(planObjects(plan), context), []);
            }),
            { numRuns: 500 },
        );
    });

    for (const { what, modes, rule, mutate, ...mutation } of MUTATIONS) {
        it(`is not accepted when ${what}`, () => {
            const route = fc.constantFrom(...modes).chain(resolvedRoute);
            // Files have no credential of Istio's to look at.
            const overSds = route.map((one) => ({ ...one, credentialSource: undefined }));
            fc.assert(
                fc.property(acceptedPlan(overSds), (plan) => {
                    const objects = structuredClone(planObjects(plan));
                    const findings = reviewObjects(mutate(objects, plan), mutation.context?.(plan) ?? context);
                    assert.ok(
                        findings.some((finding) => finding.rule === rule),
                        `found only: ${findings.map((finding) => finding.rule).join(", ")}`,
                    );
                }),
            );
        });
    }
});

function originating({ trafficPolicy }: Spec): Tls[] {
    const settings = [trafficPolicy?.tls, ...(trafficPolicy?.portLevelSettings ?? []).map(({ tls }) => tls)];
    return settings.filter((tls) => tls?.mode === "SIMPLE" || tls?.mode === "MUTUAL") as Tls[];
}

function change(
    kind: string,
    edit: (spec: Spec) => unknown,
): (objects: KubernetesObject[], plan: Plan) => KubernetesObject[] {
    return (objects) => {
        objects.filter((object) => object.kind === kind).forEach(({ spec }) => edit(spec));
        return objects;
    };
}

/** Adds a copy of each object of the kind, by another name and perhaps changed. */
function copy(
    kind: string,
    edit: (spec: Spec) => unknown = () => {},
): (objects: KubernetesObject[]) => KubernetesObject[] {
    return (objects) => [
        ...objects,
        ...objects
            .filter((object) => object.kind === kind)
            .map((object) => {
                const second = structuredClone(object);
                second.metadata.name = `${object.metadata.name}.second`;
                edit(second.spec);
                return second;
            }),
    ];
}

function withSecret(
    secrets: (credential: { credential: string; namespace: string }) => RawObject[],
): (objects: KubernetesObject[], plan: Plan) => RawObject[] {
    return (objects, { gateway: { namespace }, routes: [{ credential }] }) => [
        ...objects,
        ...secrets({ credential, namespace }),
    ];
}
