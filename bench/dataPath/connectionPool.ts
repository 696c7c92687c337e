import { KubernetesObject } from "../../plan/shared/kubernetesObject";

/** The objects of a route, with other settings of the connections to its hosts. */
export function withPool(objects: KubernetesObject[], http: Record<string, unknown>): KubernetesObject[] {
    return objects.map((object) => {
        if (object.kind !== "DestinationRule") {
            return object;
        }
        const changed = structuredClone(object);
        const { trafficPolicy } = changed.spec as {
            trafficPolicy: { portLevelSettings: { connectionPool: Record<string, unknown> }[] };
        };
        trafficPolicy.portLevelSettings[0].connectionPool.http = http;
        return changed;
    });
}
