import { Change } from "./changes";
import { HostChange } from "./hosts";
import { at, oneOf } from "./safe";

/** A way that opens or closes, or whose guard changes. */
export interface Exposure {
    effect: "opened" | "closed" | "to be looked at";
    name: string;
    text: string;
}

/** What keeps calls in, by type; its deletion opens. */
const GUARDS: Record<string, string> = {
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": "network policy",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": "admission policy",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": "admission policy's binding",
    "kubernetes:networking.istio.io/v1:Sidecar": "scope of sidecars",
    "mesh-egress:index:EgressLockdown": "lockdown",
    "azure-native:network:AzureFirewall": "firewall",
    "azure-native:network:FirewallPolicyRuleCollectionGroup": "firewall's rules",
    "azure-native:network:NetworkSecurityGroup": "network security group",
};

/** What is an address to the outside, by type; its creation opens. */
const DOORS: Record<string, string> = {
    "azure-native:network:PublicIPAddress": "public address",
    "azure-native:network:PublicIPPrefix": "public prefix",
    "azure-native:network:NatGateway": "NAT gateway",
};

const DONE = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };

const ORDER = ["opened", "to be looked at", "closed"];

/** What is opened and closed to the outside, what opens first. */
export function exposures(changes: Change[], hosts: HostChange[]): Exposure[] {
    return [...hosts.flatMap(ofHost), ...changes.flatMap(ofResource)].sort(
        (one, other) => ORDER.indexOf(one.effect) - ORDER.indexOf(other.effect),
    );
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
    const guard = GUARDS[type];
    const door = DOORS[type];
    if (guard !== undefined || door !== undefined) {
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
        return [{ effect, name, text: `${guard ?? door} ${DONE[action]}` }];
    }
    return [...meshPolicy(change), ...serviceType(change)];
}

/** What the mesh does with hosts that nobody declared. */
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

/** What of the cluster can be called from outside. */
function serviceType({ name, action, type, before, after }: Change): Exposure[] {
    if (type !== "kubernetes:core/v1:Service") {
        return [];
    }
    const kind = (inputs: unknown) => oneOf(at(inputs, "spec", "type"), ["LoadBalancer", "NodePort"]);
    const old = kind(before?.inputs);
    const now = action === "delete" ? undefined : kind(after?.inputs);
    if (old === now) {
        return [];
    }
    return [
        now
            ? { effect: "opened", name, text: `service of type ${now}` }
            : { effect: "closed", name, text: `no service of type ${old} any more` },
    ];
}
