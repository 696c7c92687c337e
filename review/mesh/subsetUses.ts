import { DestinationRule } from "../objects/destinationRule";
import { Route, RouteDestination, VirtualService } from "../objects/virtualService";
import { remembered } from "../remembered";
import { Inventory } from "./inventory";

export interface SubsetUse {
    service: VirtualService;
    route: Route;
    destination: RouteDestination;
    subset: string;
    /** Those for the destination's host, or a wildcard that covers it. */
    rules: readonly DestinationRule[];
    /** The names of all their subsets. */
    known: Set<string>;
}

/** Where routes lead to subsets. The rules of a host are looked up once. */
export function subsetUses({ virtualServices, rules }: Inventory): SubsetUse[] {
    const byHost = new Map<string, Pick<SubsetUse, "rules" | "known">>();
    const rulesOf = (host: string) => remembered(byHost, host, () => withSubsets(rules.byHost.covering(host)));
    return virtualServices.flatMap((service) =>
        service.routes.flatMap((route) =>
            route.destinations.flatMap((destination) => {
                const { subset, host } = destination;
                return subset === undefined ? [] : [{ service, route, destination, subset, ...rulesOf(host) }];
            }),
        ),
    );
}

function withSubsets(rules: readonly DestinationRule[]): Pick<SubsetUse, "rules" | "known"> {
    return { rules, known: new Set(rules.flatMap(({ subsets }) => subsets).map(({ name }) => name)) };
}
