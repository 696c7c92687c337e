import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { Admission } from "../../plan/egress/lockdown/admission";
import { administratorRules } from "../../plan/egress/lockdown/administrators";
import { configurationAdmission } from "../../plan/egress/lockdown/configurationAdmission";
import { enginePolicies } from "../../plan/egress/lockdown/enginePolicies";
import { gatewayClaimAdmission } from "../../plan/egress/lockdown/gatewayClaimAdmission";
import { guardAdmission, namespaceAdmission } from "../../plan/egress/lockdown/guardAdmission";
import { hostClaimAdmission } from "../../plan/egress/lockdown/hostClaimAdmission";
import {
    KnownLockdownContext,
    allowedNamespaces,
    validateLockdown,
    validateLockdownContext,
} from "../../plan/egress/lockdown/lockdown";
import { namespaceLabels } from "../../plan/egress/lockdown/namespaceLabels";
import { gatewayPolicy, lockedPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { EgressLockdownOptions, resolvedLockdown } from "../../plan/egress/lockdown/options";
import { inClusterAuthorization } from "../../plan/egress/lockdown/inCluster";
import { sidecarScope } from "../../plan/egress/lockdown/sidecarScope";
import { workloadAdmission } from "../../plan/egress/lockdown/workloadAdmission";
import { admissionPolicy } from "../internal/admissionPolicy";
import { customObject } from "../internal/customObject";
import { istioObject } from "../internal/istioObject";
import { networkPolicy } from "../internal/networkPolicy";
import { validated, assertValid } from "../internal/validation";
import { enforcementCheck } from "./enforcementCheck";
import { GatewayReference } from "./gatewayReference";
import { checkedArguments } from "../internal/checkedArguments";

/** The mesh whose sidecars guard the locked namespaces. A `ServiceMesh` is one. */
export interface LockdownMesh {
    /** The mesh's root namespace, where istiod is. */
    namespace: pulumi.Input<string>;
    /** Revision of the control plane; empty for the default one. Default: empty. */
    revision?: pulumi.Input<string>;
}

/** Whom a route lets call. An `EgressRoute` is one. */
export interface RouteCallers {
    /** The namespaces of the route's `allowFrom`. */
    callerNamespaces: pulumi.Input<string[]>;
}

/** Options of a lockdown wherever it is made. */
export interface EgressLockdownSettings extends EgressLockdownOptions {
    /**
     * Images that sidecars may have, without tag or digest, such as `registry.example/istio/proxyv2`. Default: any, as
     * only the mesh's own configuration knows them.
     *
     * @example ["registry.example/istio/proxyv2"]
     */
    proxyImages?: pulumi.Input<string[]>;
    /** Image with `sh` and `curl` for the check that policies are enforced. Default: curl 8.17.0 (`curlimages/curl`), by digest. */
    checkImage?: pulumi.Input<string>;
}

export interface EgressLockdownArgs extends EgressLockdownSettings {
    /** The only way out: an `EgressGateway`, or the facts of one. */
    gateway: GatewayReference;
    /** The mesh: a `ServiceMesh`, or the facts of one you already have. */
    mesh: LockdownMesh;
    /** All routes of the gateway: their callers' namespaces, and no others, reach it. */
    routes: RouteCallers[];
}

/**
 * Closes every way out of some namespaces but the one through the gateway: by NetworkPolicies against packets, by
 * admission policies against workloads that step around their sidecar and configuration that claims an egress host, and
 * by a `Sidecar` each that keeps their proxies to what they use. Fails where the cluster does not enforce NetworkPolicies.
 *
 * What runs in a namespace before it is locked goes on as it is until it is replaced; only its packets are held back at
 * once. Names that are asked of the cluster's own DNS are not held back. Needs Kubernetes 1.30 or newer.
 */
export class EgressLockdown extends pulumi.ComponentResource {
    /** The locked namespaces; known once everything that locks them is there. */
    public readonly namespaces: pulumi.Output<string[]>;
    /** Labels that the locked namespaces have, or need where they were not created here. */
    public readonly namespaceLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: EgressLockdownArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressLockdown", name, args);
        const shape = resolvedLockdown(args);
        assertValid("EgressLockdown", name, validateLockdown(shape));
        const given = {
            gatewayName: args.gateway.gatewayName,
            gatewayNamespace: args.gateway.namespace,
            meshNamespace: args.mesh.namespace,
            plaintextPort: args.gateway.plaintextPort ?? false,
        };
        const places = validated<GivenLockdownContext>("EgressLockdown", name, given, (known) =>
            validateLockdownContext(shape, knownPlaces(known)),
        ).apply(knownPlaces);
        super("mesh-egress:index:EgressLockdown", name, args, opts);

        const child = { parent: this };
        const revision = pulumi.output(args.mesh.revision ?? "");
        const check = enforcementCheck(
            name,
            pulumi.all([places, revision]).apply(([{ meshNamespace }, known]) => ({ meshNamespace, revision: known })),
            shape,
            args.checkImage,
            child,
        );
        const enforced = { ...child, dependsOn: check };

        const labels = revision.apply((known) => namespaceLabels(known, shape.istioCni));
        const created = !shape.createNamespaces
            ? []
            : shape.namespaces.map(
                  (namespace) =>
                      new Namespace(`${name}-${namespace}`, { metadata: { name: namespace, labels } }, enforced),
              );
        const inside = { ...child, dependsOn: [check, ...created] };
        const callers = pulumi
            .output(args.routes.map(({ callerNamespaces }) => callerNamespaces))
            .apply(allowedNamespaces);
        const locks: pulumi.Resource[] = shape.namespaces.flatMap((namespace) => [
            networkPolicy(
                `${name}-${namespace}-network-policy`,
                pulumi
                    .all([places, callers])
                    .apply(([known, allowed]) =>
                        lockedPolicy(namespace, known, shape.nodeDnsRanges, allowed, shape.alsoReaches),
                    ),
                inside,
            ),
            istioObject(
                `${name}-${namespace}-sidecar`,
                "Sidecar",
                places.apply((known) => sidecarScope(namespace, known, shape.alsoReaches)),
                inside,
            ),
        ]);
        locks.push(
            networkPolicy(
                `${name}-gateway-network-policy`,
                pulumi
                    .all([places, callers])
                    .apply(([known, allowed]) =>
                        gatewayPolicy(known, shape.nodeDnsRanges, allowed, shape.gatewayEgress, shape.scraper),
                    ),
                enforced,
            ),
        );
        locks.push(
            ...enginePolicies(name, shape).map(({ key, inside: locked, build, ...kind }) =>
                customObject(`${name}-${key}`, kind, places.apply(build), locked === undefined ? enforced : inside),
            ),
        );
        // Tenants open the way from one locked namespace to another themselves, with a NetworkPolicy.
        const reached = shape.alsoReaches.filter(({ namespace }) => !shape.namespaces.includes(namespace));
        locks.push(
            ...reached.map((destination) =>
                istioObject(
                    `${name}-${destination.namespace}-authorization`,
                    "AuthorizationPolicy",
                    places.apply(({ gateway }) => inClusterAuthorization(gateway, shape.namespaces, destination)),
                    enforced,
                ),
            ),
        );
        const guarded = [...shape.namespaces, ...reached.map(({ namespace }) => namespace)];
        const images = pulumi.output(args.proxyImages ?? []);
        const policies: [string, pulumi.Input<Admission>][] = [
            ["workloads", images.apply((known) => workloadAdmission(`${name}-workloads`, shape.namespaces, known))],
            [
                "configuration",
                places.apply(({ gateway }) =>
                    configurationAdmission(`${name}-configuration`, shape.namespaces, gateway),
                ),
            ],
            ["guards", places.apply(({ gateway }) => guardAdmission(`${name}-guards`, guarded, gateway))],
            [
                "namespaces",
                places.apply(({ gateway }) => namespaceAdmission(`${name}-namespaces`, shape.namespaces, gateway)),
            ],
            ["gateway-claims", places.apply(({ gateway }) => gatewayClaimAdmission(`${name}-gateway-claims`, gateway))],
            ["host-claims", places.apply(({ gateway }) => hostClaimAdmission(`${name}-host-claims`, gateway))],
        ];
        for (const [what, admission] of policies) {
            locks.push(admissionPolicy(`${name}-${what}`, admission, enforced));
        }
        if (shape.administrators.length > 0) {
            locks.push(administrators(name, places, shape.administrators, child));
        }

        this.namespaces = pulumi.output(locks.map(({ urn }) => urn)).apply(() => shape.namespaces);
        this.namespaceLabels = labels;
        this.registerOutputs();
    }
}

interface GivenLockdownContext {
    gatewayName: string;
    gatewayNamespace: string;
    meshNamespace: string;
    plaintextPort: boolean;
}

function knownPlaces({ gatewayName, gatewayNamespace, ...known }: GivenLockdownContext): KnownLockdownContext {
    return { ...known, gateway: { name: gatewayName, namespace: gatewayNamespace } };
}

function administrators(
    name: string,
    places: pulumi.Output<{ gateway: { name: string; namespace: string } }>,
    groups: string[],
    child: { parent: pulumi.Resource },
): RoleBinding {
    const metadata = places.apply(({ gateway }) => ({
        name: `${gateway.name}-administrators`,
        namespace: gateway.namespace,
    }));
    const role = new Role(`${name}-administrators`, { metadata, rules: administratorRules() }, child);
    return new RoleBinding(
        `${name}-administrators-binding`,
        {
            metadata,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            subjects: groups.map((group) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group })),
        },
        child,
    );
}
