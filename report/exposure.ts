import { Change, changesByHand, changesOfProgram } from "./changes";
import { HostChange, hostChanges } from "./hosts";
import { deniesByDefault, kindOf, limitsEgress, openingsOf } from "./openings";
import { at, oneOf } from "./safe";
import { isWildcardFilter } from "./wildcardFilter";

/** A way into or out of the mesh that opens or closes, whose guard changes, or that has not been judged. */
export interface Exposure {
    effect: "opened" | "closed" | "to be looked at" | "not judged";
    name: string;
    text: string;
    /** Whether somebody did it outside of Pulumi, since the last update. */
    byHand?: true;
}

/** What keeps calls in, by kind or type; its deletion opens. */
const GUARDS: Record<string, string> = {
    "NetworkPolicy.networking.k8s.io": "network policy",
    "ValidatingAdmissionPolicy.admissionregistration.k8s.io": "admission policy",
    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": "admission policy's binding",
    "Sidecar.networking.istio.io": "scope of sidecars",
    "AuthorizationPolicy.security.istio.io": "policy that refuses callers",
    "mesh-egress:index:EgressLockdown": "lockdown",
    "azure-native:network:AzureFirewall": "firewall",
    "azure-native:network:FirewallPolicyRuleCollectionGroup": "firewall's rules",
    "azure-native:network:NetworkSecurityGroup": "network security group",
};

/** What is an address to the outside, by type; its creation opens. */
const ENTRANCES: Record<string, string> = {
    "azure-native:network:PublicIPAddress": "public address",
    "azure-native:network:PublicIPPrefix": "public prefix",
    "azure-native:network:NatGateway": "NAT gateway",
};

/** Types that neither open nor close a way by themselves. What is not here, and is not judged above, is told as not judged. */
const HARMLESS = new RegExp(
    "^(" +
        [
            "pulumi:.*",
            "tls:.*",
            "random:.*",
            "mesh-egress:index:.*",
            "kubernetes:core/v1:(Namespace|Secret|ServiceAccount|PersistentVolumeClaim)",
            "kubernetes:cert-manager.io/v1:Certificate",
            "kubernetes:(autoscaling|policy)/v\\d+:(HorizontalPodAutoscaler|PodDisruptionBudget)",
            "azure-native:(operationalinsights|privatedns|dns|resources):.*",
        ].join("|") +
        ")$",
);

const DONE = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };

const ORDER = ["opened", "to be looked at", "not judged", "closed"];

/** What is opened and closed to the outside, by hand since the last update and by the program; what opens comes first. */
export function exposures(changes: Change[]): Exposure[] {
    const byHand = exposuresOf(changesByHand(changes)).map((exposure) => ({ ...exposure, byHand: true as const }));
    return [...byHand, ...exposuresOf(changesOfProgram(changes))].sort(
        (one, other) => ORDER.indexOf(one.effect) - ORDER.indexOf(other.effect),
    );
}

function exposuresOf(changes: Change[]): Exposure[] {
    return [...hostChanges(changes).flatMap(ofHost), ...changes.flatMap(ofResource)];
}

function ofHost({ host, before, after }: HostChange): Exposure[] {
    const names = (callers: string[]) => callers.map((caller) => `\`${caller}\``).join(", ");
    const old = before?.callers ?? [];
    const now = after?.callers ?? [];
    const gained = now.filter((caller) => !old.includes(caller));
    const lost = old.filter((caller) => !now.includes(caller));
    return [
        ...(gained.length > 0 || !before
            ? [{ effect: "opened" as const, name: host, text: `to ${names(gained) || "callers not known yet"}` }]
            : []),
        ...(lost.length > 0 || !after
            ? [{ effect: "closed" as const, name: host, text: `to ${names(lost) || "all callers"}` }]
            : []),
    ];
}

function ofResource(change: Change): Exposure[] {
    const { action, type, name } = change;
    if (action === "same") {
        return [];
    }
    const openings = ofOpenings(change);
    if (openings.length > 0) {
        return openings;
    }
    const guard = guardOf(change);
    const entrance = ENTRANCES[type];
    if (guard !== undefined || entrance !== undefined) {
        const effect =
            action === "create"
                ? guard
                    ? "closed"
                    : "opened"
                : action === "delete"
                  ? guard
                      ? "opened"
                      : "closed"
                  : "to be looked at";
        return [{ effect, name, text: `${guard ?? entrance} ${DONE[action]}` }];
    }
    const policy = meshPolicy(change);
    return policy.length > 0 || isJudged(change)
        ? policy
        : [
              {
                  effect: "not judged",
                  name,
                  text: `what it opens or closes is not visible in the preview (${DONE[action]})`,
              },
          ];
}

/** What the resource opens that it did not open before, and the other way round. */
function ofOpenings({ action, type, name, before, after }: Change): Exposure[] {
    const old = action === "create" ? [] : (openingsOf(type, before?.inputs) ?? []);
    const now = action === "delete" ? [] : (openingsOf(type, after?.inputs) ?? []);
    return [
        ...now.filter((text) => !old.includes(text)).map((text) => ({ effect: "opened" as const, name, text })),
        ...old
            .filter((text) => !now.includes(text))
            .map((text) => ({ effect: "closed" as const, name, text: `no more: ${text}` })),
    ];
}

/** What the resource guards, as long as it is one that does. */
function guardOf({ type, action, before, after }: Change): string | undefined {
    const guard = GUARDS[kindOf(type) ?? type];
    const inputs = (action === "delete" ? before : (after ?? before))?.inputs;
    switch (kindOf(type)) {
        case "NetworkPolicy.networking.k8s.io":
            return limitsEgress(at(inputs, "spec")) && openingsOf(type, inputs)?.length === 0 ? guard : undefined;
        case "AuthorizationPolicy.security.istio.io":
            return deniesByDefault(at(inputs, "spec")) || at(inputs, "spec", "action") === "DENY" ? guard : undefined;
        default:
            return (openingsOf(type, inputs)?.length ?? 0) > 0 ? undefined : guard;
    }
}

function isJudged({ type, before, after }: Change): boolean {
    const inputs = (after ?? before)?.inputs;
    switch (kindOf(type)) {
        case "NetworkPolicy.networking.k8s.io":
            return limitsEgress(at(inputs, "spec"));
        case "AuthorizationPolicy.security.istio.io":
            return (at(inputs, "spec", "action") ?? "ALLOW") === "ALLOW";
        case "EnvoyFilter.networking.istio.io":
            return isWildcardFilter(at(inputs, "spec"));
        case "VirtualService.networking.istio.io":
            // What it does to hosts outside is told host by host.
            return true;
        default:
            return openingsOf(type, inputs) !== undefined || HARMLESS.test(type);
    }
}

/** What the mesh does with undeclared hosts. */
function meshPolicy({ name, action, before, after }: Change): Exposure[] {
    const mode = (inputs: unknown) =>
        oneOf(at(inputs, "values", "meshConfig", "outboundTrafficPolicy", "mode"), ["ALLOW_ANY", "REGISTRY_ONLY"]);
    const old = mode(before?.inputs);
    const now = action === "delete" ? undefined : mode(after?.inputs);
    if (old === now) {
        return [];
    }
    const effect = now === "REGISTRY_ONLY" ? "closed" : "opened";
    return [
        { effect, name, text: `hosts that nobody declared: ${now === "REGISTRY_ONLY" ? "refused" : "not refused"}` },
    ];
}
