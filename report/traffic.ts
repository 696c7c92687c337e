import { Action, Change } from "./changes";
import { at, list, safeText } from "./safe";

/** What a change of the cluster, its nodes, its mesh or its addresses does to calls meanwhile. */
export interface TrafficChange {
    action: Action;
    name: string;
    text: string;
}

/** Changes in the preview, other than to hosts, that interrupt or move calls. */
export function trafficChanges(changes: Change[]): TrafficChange[] {
    return changes
        .filter(({ action }) => action !== "same" && action !== "create")
        .flatMap((change) => {
            const text = describeTrafficChange(change);
            return text ? [{ action: change.action, name: change.name, text }] : [];
        });
}

function describeTrafficChange(change: Change): string | undefined {
    switch (change.type) {
        case "azure-native:containerservice:ManagedCluster":
            return cluster(change);
        case "azure-native:containerservice:AgentPool":
            return pool(change);
        case "kubernetes:helm.sh/v3:Release":
            return release(change);
        case "azure-native:network:PublicIPPrefix":
            return change.action === "update"
                ? undefined
                : "calls come from other addresses: partners refuse them until their allow lists have the new ones";
        case "azure-native:network:NatGateway":
            return change.action === "update" ? undefined : "open connections end; new calls use the replacement";
        default:
            return undefined;
    }
}

function cluster(change: Change): string | undefined {
    if (change.action !== "update") {
        return lost(
            change,
            "everything in it is deleted: no call leaves until the new one runs and everything is installed again",
        );
    }
    const version = moved(change, "Kubernetes", "kubernetesVersion");
    const revisions = moved(change, "Istio add-on", "serviceMeshProfile", "istio", "revisions");
    return join([
        version &&
            `${version}, in place: the API server first, then the nodes of its own pools are drained in turn; ` +
                "pods move, and their connections end and are reopened",
        revisions &&
            `${revisions}: a second control plane; proxies get its version when their pods restart, and calls continue`,
    ]);
}

function pool(change: Change): string | undefined {
    const isGateways = list(at((change.after ?? change.before)?.inputs, "nodeTaints")).some(
        (taint) => typeof taint === "string" && /egress/.test(taint),
    );
    const whose = isGateways ? "the gateway's pods" : "pods";
    if (change.action !== "update") {
        return lost(change, `its nodes are deleted: ${whose} on them wait for others, and their calls fail meanwhile`);
    }
    const version = moved(change, "nodes", "orchestratorVersion");
    const effect = isGateways
        ? "the gateway's pods move: with two replicas or more, calls continue, and long connections are reopened"
        : "pods move, and their connections end and are reopened";
    return version && `${version}, in place: drained in turn; ${effect}`;
}

/** Istio's charts, whatever repository, folder or registry they come from. */
function release(change: Change): string | undefined {
    const name = safeText(at((change.after ?? change.before)?.inputs, "chart"))
        ?.split("/")
        .at(-1);
    const chart = { base: "base", istiod: "istiod", "istio-discovery": "istiod", gateway: "gateway" }[name ?? ""];
    if (!chart) {
        return undefined;
    }
    if (change.action !== "update") {
        const effects: Record<string, string> = {
            base: "Istio's CRDs are deleted, and every route with them",
            istiod: "no control plane until another one runs: proxies keep their configuration, and pods that start get no proxy",
            gateway: "calls through this gateway fail until another runs",
        };
        return lost(change, effects[chart]);
    }
    const version = moved(change, "chart", "version") ?? moved(change, "images", "values", "global", "tag");
    const effects: Record<string, string> = {
        base: "Istio's CRDs; no proxy restarts",
        istiod: "the control plane; proxies get its version when their pods restart, and calls continue",
        gateway:
            "its pods are replaced one by one: with two replicas or more, calls continue, and long connections are reopened",
    };
    return version && `${version}: ${effects[chart]}`;
}

function lost({ action }: Change, effect: string): string {
    return `${action === "replace" ? "replaced" : "deleted"}: ${effect}`;
}

/** A version before and after, where both are told and differ. */
function moved({ before, after }: Change, what: string, ...path: string[]): string | undefined {
    const [old, now] = [before, after].map((state) => {
        const value = at(state?.inputs, ...path);
        return Array.isArray(value) ? list(value).map(safeText).filter(Boolean).join(", ") : safeText(value);
    });
    return old && now && old !== now ? `${what} \`${old}\` → \`${now}\`` : undefined;
}

function join(parts: (string | undefined)[]): string | undefined {
    return parts.filter(Boolean).join("; ") || undefined;
}
