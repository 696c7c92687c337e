import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { administratorRules } from "../../plan/egress/lockdown/administrators";
import { checkNamespaceOf } from "../../plan/egress/lockdown/enforcementCheck";
import { EnginePolicy, enginePolicies } from "../../plan/egress/lockdown/enginePolicies";
import {
    KnownLockdownContext,
    allowedNamespaces,
    validateLockdown,
    validateLockdownContext,
} from "../../plan/egress/lockdown/lockdown";
import { namespaceLabels } from "../../plan/egress/lockdown/namespaceLabels";
import { controlPlanePolicy, gatewayPolicy, lockedPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { EgressLockdownOptions, resolvedLockdown } from "../../plan/egress/lockdown/options";
import { inClusterAuthorization, reachedElsewhere } from "../../plan/egress/lockdown/inCluster";
import { validateRouteAddress } from "../../plan/egress/lockdown/insideCluster";
import { sidecarScope } from "../../plan/egress/lockdown/sidecarScope";
import { customObject } from "../internal/customObject";
import { digest } from "../internal/digest";
import { istioObject } from "../internal/istioObject";
import { networkPolicy } from "../internal/networkPolicy";
import { validated, assertValid } from "../internal/validation";
import { claimCheck } from "./claimCheck";
import { enforcementCheck } from "./enforcementCheck";
import { GatewayReference } from "./gatewayReference";
import { lockdownPolicies } from "./lockdownPolicies";
import { refusalCheck, scheduledCheck } from "./refusalCheck";
import { OFFICIAL_PROXY_IMAGES } from "../../plan/egress/lockdown/podImages";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { checkedArguments } from "../internal/checkedArguments";

/** The mesh of the locked namespaces' sidecars, such as a `ServiceMesh`. */
export interface LockdownMesh {
    /** The mesh's root namespace, where istiod is. */
    namespace: pulumi.Input<string>;
    /** Revision of the control plane. Empty for the default one. Default: empty. */
    revision?: pulumi.Input<string>;
}

/** The callers of a route, such as an `EgressRoute`. */
export interface RouteCallers {
    /**
     * Namespaces in the route's `allowFrom`.
     *
     * @example ["payments", "orders"]
     */
    callerNamespaces: pulumi.Input<string[]>;
    /**
     * The route's hosts. When they change, the lockdown looks again for objects that claim a host. Default: none.
     *
     * @example ["api.partner.example"]
     */
    hosts?: pulumi.Input<string[]>;
    /**
     * The address that the route dials instead of its hosts. One of a locked namespace is refused. Default: none.
     *
     * @example "10.20.0.4"
     */
    address?: pulumi.Input<string>;
}

/** Options of a lockdown that do not depend on its gateway and mesh. */
export interface EgressLockdownSettings extends EgressLockdownOptions {
    /**
     * Images that sidecars may use, without tag or digest. Set it if the mesh has its own `hub`. Default: the images in
     * Istio's own registries and of AKS's add-on.
     *
     * @example ["registry.example/istio/proxyv2"]
     */
    proxyImages?: pulumi.Input<string[]>;
    /**
     * Image with `sh`, `curl`, `grep`, `sed` and `awk` for the checks. Default: curl 8.17.0 (`curlimages/curl`),
     * pinned by digest.
     *
     * @example "registry.example/curlimages/curl:8.17.0"
     */
    checkImage?: pulumi.Input<string>;
    /**
     * Values that make the checks run again when one of them changes, also after a check has failed. The checks run again by
     * themselves when the lockdown changes. With a value that changes at each update they run at each, and no preview is
     * empty. Default: none; an environment adds its mesh, its gateway and its routes.
     *
     * @example { policyEngine: "cilium-1.17.2" }
     */
    checkTriggers?: Record<string, pulumi.Input<string>>;
}

export interface EgressLockdownArgs extends EgressLockdownSettings {
    /** The gateway that the locked namespaces may use: an `EgressGateway`, or the fields of an existing one. */
    gateway: GatewayReference;
    /** The mesh: a `ServiceMesh`, or the fields of an existing one. */
    mesh: LockdownMesh;
    /** All routes of the gateway. Only their callers' namespaces can reach it. */
    routes: RouteCallers[];
}

/**
 * Lets some namespaces leave the cluster only through the gateway. NetworkPolicies block other packets. Admission
 * policies refuse workloads that bypass their sidecar, and configuration that claims an egress host. A `Sidecar` in
 * each namespace limits its proxies to the services that they use. Fails if the cluster does not enforce
 * NetworkPolicies, or if a pod of a locked namespace still gets out. Both are tried with packets whenever an update
 * changes the lockdown.
 *
 * Pods that run before their namespace is locked stay until they are replaced; only their packets are blocked at once.
 * Queries to the cluster's own DNS are not blocked. Needs Kubernetes 1.30 or newer.
 */
export class EgressLockdown extends pulumi.ComponentResource {
    /** The locked namespaces. Known once everything that locks them exists. */
    public readonly namespaces: pulumi.Output<string[]>;
    /** Labels of the locked namespaces. Add them to namespaces that the lockdown does not create. */
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
        const callers = validated<{ addresses: (string | undefined)[]; namespaces: string[][] }>(
            "EgressLockdown",
            name,
            {
                addresses: pulumi.all(args.routes.map(({ address }) => pulumi.output(address))),
                namespaces: pulumi.all(args.routes.map(({ callerNamespaces }) => callerNamespaces)),
            },
            ({ addresses }) =>
                addresses.flatMap((address, index) => validateRouteAddress(`routes[${index}].address`, address, shape)),
        ).apply(({ namespaces }) => allowedNamespaces(namespaces));
        super("mesh-egress:index:EgressLockdown", name, args, opts);

        const applied: unknown[] = [];
        const unchecked = { parent: this };
        // Everything that locks, so that the checks run again when any of it changes.
        const child = {
            ...unchecked,
            transformations: [
                ({ props }: pulumi.ResourceTransformationArgs) => {
                    applied.push(props);
                    return undefined;
                },
            ],
        };
        const [lockdown, setLockdown] = pulumi.deferredOutput<string>();
        const triggers = { ...args.checkTriggers, lockdown };
        const revision = pulumi.output(args.mesh.revision ?? "");
        const checkedMesh = pulumi
            .all([places, revision])
            .apply(([{ meshNamespace }, known]) => ({ meshNamespace, revision: known }));
        const check = enforcementCheck(name, checkedMesh, shape, args.checkImage, triggers, unchecked);
        const enforced = { ...child, dependsOn: check };

        const workloads = pulumi
            .all([args.proxyImages ?? OFFICIAL_PROXY_IMAGES, args.checkImage ?? CURL_IMAGE])
            .apply(([proxyImages, checkImage]) => ({
                imageRegistries: shape.imageRegistries,
                images: [...new Set([CURL_IMAGE, checkImage])],
                proxyImages,
                allowedAnnotations: shape.allowedAnnotations,
                allowedResources: shape.allowedResources,
                allowedRuntimeClasses: shape.allowedRuntimeClasses,
            }));
        const policies = lockdownPolicies(name, shape, places, workloads, enforced);
        const hosts = pulumi.all(args.routes.map((route) => route.hosts ?? [])).apply(digest);
        const claims = claimCheck(
            name,
            policies,
            {
                context: places,
                checkNamespace: checkNamespaceOf(name),
                exempt: shape.sharedHostsWith,
                locked: shape.namespaces,
                callers,
                image: args.checkImage,
                triggers: { ...triggers, hosts },
            },
            unchecked,
        );
        const locks: pulumi.Resource[] = [
            ...policies,
            claims,
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

        if (shape.controlPlaneEgress.length > 0) {
            locks.push(
                networkPolicy(
                    `${name}-control-plane-network-policy`,
                    places.apply((known) => controlPlanePolicy(known, shape.nodeDnsRanges, shape.controlPlaneEgress)),
                    enforced,
                ),
            );
        }
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
        // Created after all policies that apply in them, and so deleted before these.
        const guarded = { ...child, dependsOn: [check, ...locks] };
        for (const namespace of shape.namespaces) {
            const created = !shape.createNamespaces
                ? undefined
                : new Namespace(`${name}-${namespace}`, { metadata: { name: namespace, labels } }, guarded);
            // The namespace's pods are deleted first, and these objects after them.
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
                    // Pods wait for it, and therefore for the NetworkPolicy.
                    { ...inside, dependsOn: [check, ...(created ? [created] : []), policy] },
                ),
                ...engine.filter((policy) => policy.inside === namespace).map((policy) => enginePolicy(policy, inside)),
            );
        }
        if (shape.administrators.length > 0) {
            locks.push(administrators(name, places, shape.administrators, child));
        }

        setLockdown(pulumi.output(applied).apply(digest));
        const locked = { ...unchecked, dependsOn: [check, ...locks] };
        const checks = shape.namespaces.flatMap((namespace) => {
            const refusal = { namespace, mesh: checkedMesh, image: args.checkImage };
            return [
                refusalCheck(name, refusal, triggers, locked),
                ...(shape.checkSchedule ? [scheduledCheck(name, refusal, shape.checkSchedule, locked)] : []),
            ];
        });

        this.namespaces = pulumi.output([...locks, ...checks].map(({ urn }) => urn)).apply(() => shape.namespaces);
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
