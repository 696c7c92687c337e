import { fields, textMap } from "../fields";
import { RawObject, objectRef } from "../rawObject";

/** What the set's Namespaces say of how their workloads are in the mesh. */
export class Namespaces {
    private readonly labels: Map<string, Record<string, string>>;

    constructor(objects: RawObject[]) {
        this.labels = new Map(
            objects
                .filter(({ kind, apiVersion }) => kind === "Namespace" && apiVersion === "v1")
                .map((object) => [objectRef(object).name, textMap(fields(object.metadata).labels)]),
        );
    }

    /** Whether the set has the Namespace itself. */
    isKnown(namespace: string): boolean {
        return this.labels.has(namespace);
    }

    /** Whether its workloads have no sidecars, but share a proxy of the node. */
    isAmbient(namespace: string): boolean {
        return this.labels.get(namespace)?.["istio.io/dataplane-mode"] === "ambient";
    }

    ambient(): string[] {
        return [...this.labels.keys()].filter((name) => this.isAmbient(name));
    }

    /** The namespace of the waypoint that calls to something with these labels go by; undefined without a waypoint. */
    waypointNamespace(labels: Record<string, string>, namespace: string): string | undefined {
        const own = "istio.io/use-waypoint" in labels ? labels : (this.labels.get(namespace) ?? {});
        const waypoint = own["istio.io/use-waypoint"] ?? "";
        if (waypoint === "" || waypoint.toLowerCase() === "none") {
            return undefined;
        }
        return own["istio.io/use-waypoint-namespace"] ?? namespace;
    }
}
