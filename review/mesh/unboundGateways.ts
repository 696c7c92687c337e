import { MESH, VirtualService } from "../objects/virtualService";
import { Inventory } from "./inventory";

/** A reference to a Gateway that is not among the objects. */
export interface UnboundGateway {
    service: VirtualService;
    path: string;
    /** As the object has it. */
    written: string;
    /** `namespace/name`. */
    id: string;
}

/** Of the Gateway API's routes the controller itself says so, in their status. */
export function unboundGateways({ virtualServices, gatewaysById }: Inventory): UnboundGateway[] {
    return virtualServices
        .filter(({ isExclusive }) => isExclusive)
        .flatMap((service) =>
            service.gateways.flatMap((id, index) =>
                id === MESH || gatewaysById.has(id)
                    ? []
                    : [{ service, path: `spec.gateways[${index}]`, written: service.writtenGateways[index] ?? id, id }],
            ),
        );
}
