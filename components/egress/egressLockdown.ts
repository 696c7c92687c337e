import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { administratorRules } from "../../plan/egress/lockdown/administrators";
import { EnginePolicy, enginePolicies } from "../../plan/egress/lockdown/enginePolicies";
import {
    KnownLockdownContext,
    allowedNamespaces,
    validateLockdown,
    validateLockdownContext,
} from "../../plan/egress/lockdown/lockdown";
import { namespaceLabels } from "../../plan/egress/lockdown/namespaceLabels";
import { gatewayPolicy, lockedPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { EgressLockdownOptions, resolvedLockdown } from "../../plan/egress/lockdown/options";
import { inClusterAuthorization, reachedElsewhere } from "../../plan/egress/lockdown/inCluster";
import { sidecarScope } from "../../plan/egress/lockdown/sidecarScope";
import { customObject } from "../internal/customObject";
import { istioObject } from "../internal/istioObject";
import { networkPolicy } from "../internal/networkPolicy";
import { validated, assertValid } from "../internal/validation";
import { enforcementCheck } from "./enforcementCheck";
import { GatewayReference } from "./gatewayReference";
import { lockdownPolicies } from "./lockdownPolicies";
import { OFFICIAL_PROXY_IMAGES } from "../../plan/egress/lockdown/podImages";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
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
     * Images that sidecars may have, without tag or digest, such as `registry.example/istio/proxyv2`. Default: those of
     * Istio's own registries and of AKS's add-on. Set it if the mesh has a `hub` of your own.
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

        const callers = pulumi
            .output(args.routes.map(({ callerNamespaces }) => callerNamespaces))
            .apply(allowedNamespaces);
        const workloads = pulumi
            .all([args.proxyImages ?? OFFICIAL_PROXY_IMAGES, args.checkImage ?? CURL_IMAGE])
            .apply(([proxyImages, checkImage]) => ({
                imageRegistries: shape.imageRegistries,
                images: [...new Set([CURL_IMAGE, checkImage])],
                proxyImages,
            }));
        const locks: pulumi.Resource[] = [
            ...lockdownPolicies(name, shape, places, workloads, enforced),
            networkPolicy(
                `${name}-gateway-network-policy`,
                pulumi
                    .all([places, callers])
                    .apply(([known, allowed]) =>
                        gatewayPolicy(known, shape.nodeDnsRanges, allowed, shape.gatewayEgress, shape.scraper),
                    ),
                enforced,
            ),
        ];

        locks.push(
            ...reachedElsewhere(shape).map((destination) =>
                istioObject(
                    `${name}-${destination.namespace}-authorization`,
                    "AuthorizationPolicy",
                    places.apply(({ gateway }) => inClusterAuthorization(gateway, shape.namespaces, destination)),
                    enforced,
                ),
            ),
        );
        const engine = enginePolicies(name, shape);
        const enginePolicy = ({ key, inside: _, build, ...kind }: EnginePolicy, opts: pulumi.CustomResourceOptions) =>
            customObject(`${name}-${key}`, kind, places.apply(build), opts);
        locks.push(
            ...engine.filter(({ inside }) => inside === undefined).map((policy) => enginePolicy(policy, enforced)),
        );

        const labels = revision.apply((known) => namespaceLabels(name, known, shape.istioCni));
        // Created after everything that judges what is in them, and so deleted before it.
        const guarded = { ...child, dependsOn: [check, ...locks] };
        for (const namespace of shape.namespaces) {
            const created = !shape.createNamespaces
                ? undefined
                : new Namespace(`${name}-${namespace}`, { metadata: { name: namespace, labels } }, guarded);
            // The namespace takes its pods with it first, and these after them.
            const inside = created
                ? { ...child, dependsOn: [check, created], deletedWith: created }
                : { ...child, dependsOn: check };
            const policy = networkPolicy(
                `${name}-${namespace}-network-policy`,
                pulumi
                    .all([places, callers])
                    .apply(([known, allowed]) =>
                        lockedPolicy(namespace, known, shape.nodeDnsRanges, allowed, shape.alsoReaches),
                    ),
                inside,
            );
            locks.push(
                policy,
                istioObject(
                    `${name}-${namespace}-sidecar`,
                    "Sidecar",
                    places.apply((known) => sidecarScope(namespace, known, shape.alsoReaches)),
                    // Pods wait for it, and so for the NetworkPolicy.
                    { ...inside, dependsOn: [check, ...(created ? [created] : []), policy] },
                ),
                ...engine.filter((policy) => policy.inside === namespace).map((policy) => enginePolicy(policy, inside)),
            );
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
