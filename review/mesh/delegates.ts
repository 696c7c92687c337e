import { Route, VirtualService } from "../objects/virtualService";
import { SkippedObject } from "../readObjects";

/**
 * Replaces routes that delegate with the routes of their delegates, as Istio does. A delegate that is not in the set is
 * noted, because the destination of its calls is unknown.
 */
export function withDelegates(virtualServices: VirtualService[], notes: SkippedObject[]): VirtualService[] {
    const delegating = virtualServices.filter(({ routes }) => routes.some(({ delegate }) => delegate !== undefined));
    if (delegating.length === 0) {
        return virtualServices;
    }
    const byName = new Map(virtualServices.map((service) => [`${service.ref.namespace}/${service.ref.name}`, service]));
    const resolve = (route: Route): Route[] => {
        if (route.delegate === undefined) {
            return [route];
        }
        const leaf = byName.get(route.delegate);
        if (leaf === undefined) {
            notes.push({
                object: route.ref,
                reason: `${route.path} delegates to VirtualService ${route.delegate}, which is not among the reviewed objects`,
            });
            return [route];
        }
        // A delegate cannot delegate on.
        return leaf.routes
            .filter(({ kind, delegate }) => kind === route.kind && delegate === undefined)
            .map((own) => ({
                ...own,
                matches: own.matches.flatMap((narrow) =>
                    route.matches.map((match) => ({
                        ...match,
                        port: narrow.port ?? match.port,
                        isNarrow: match.isNarrow || narrow.isNarrow,
                    })),
                ),
            }));
    };
    return virtualServices.map((service) => ({ ...service, routes: service.routes.flatMap(resolve) }));
}
