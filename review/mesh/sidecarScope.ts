import { groupBy } from "../groupBy";
import { Sidecar, SidecarImport } from "../objects/sidecar";
import { HostIndex } from "./hostIndex";
import { Inventory } from "./inventory";

/** What the Sidecars of a namespace let its proxies see. */
export interface SidecarScope {
    namespace: string;
    /** The one for the namespace's workloads without a Sidecar of their own. */
    sidecar: Sidecar;
    /** Whether one of the Sidecars lets them see a host of an object of this namespace. */
    shows: (host: string, objectNamespace: string) => boolean;
}

/** The namespaces whose Sidecars restrict what every one of their proxies sees. A Sidecar of the root namespace is for all without their own. */
export function sidecarScopes({ sidecars, rootNamespace }: Inventory): (namespace: string) => SidecarScope | undefined {
    const byNamespace = groupBy(sidecars, ({ ref }) => ref.namespace);
    const root = (byNamespace.get(rootNamespace) ?? []).find(isGeneral);
    const known = new Map<string, SidecarScope | undefined>();
    return (namespace) => {
        if (!known.has(namespace)) {
            const own = byNamespace.get(namespace) ?? [];
            known.set(namespace, scopeOf(namespace, own.some(isGeneral) || !root ? own : [...own, root]));
        }
        return known.get(namespace);
    };
}

function isGeneral({ selector }: Sidecar): boolean {
    return selector === undefined;
}

function scopeOf(namespace: string, sidecars: Sidecar[]): SidecarScope | undefined {
    const sidecar = sidecars.find(isGeneral);
    if (sidecar === undefined || sidecars.some(({ imports }) => imports === undefined)) {
        return undefined;
    }
    const imports = sidecars.flatMap((one) => one.imports ?? []);
    const byNamespace = new Map(
        [...groupBy(imports, (one) => (one.namespace === "." ? namespace : one.namespace))].map(([owner, own]) => [
            owner,
            new HostIndex<SidecarImport>(own, ({ host }) => [host]),
        ]),
    );
    const shows = (host: string, owner: string) => (byNamespace.get(owner)?.overlapping(host) ?? []).length > 0;
    return {
        namespace,
        sidecar,
        shows: (host, owner) => shows(host, owner) || shows(host, "*"),
    };
}
