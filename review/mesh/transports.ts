import { MESH, Route, RouteDestination, RouteMatch, VirtualService } from "../objects/virtualService";
import { Inventory } from "./inventory";

/** One way from a gateway to a destination. */
export interface Transport {
    service: VirtualService;
    route: Route;
    match: RouteMatch;
    /** The Gateway's id. */
    gateway: string;
    destination: RouteDestination;
}

/** Every way that a route takes from a gateway on. */
export function gatewayTransports({ virtualServices }: Inventory): Transport[] {
    return virtualServices.flatMap((service) =>
        service.routes.flatMap((route) =>
            route.matches.flatMap((match) =>
                match.gateways
                    .filter((gateway) => gateway !== MESH)
                    .flatMap((gateway) =>
                        route.destinations.map((destination) => ({ service, route, match, gateway, destination })),
                    ),
            ),
        ),
    );
}

/** The namespaces in which the pods of a bound gateway run; none where the set does not show them. */
export function namespacesOfGateway({ gatewayPods }: Inventory, gateway: string): string[] {
    return gatewayPods.get(gateway)?.namespaces ?? [];
}
