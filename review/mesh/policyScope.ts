import { AuthorizationPolicy } from "../objects/authorizationPolicy";
import { Gateway } from "../objects/gateway";
import { gatewayApiId } from "../objects/gatewayApi";
import { GATEWAY_API } from "../objects/kinds";
import { selects } from "./labels";
import { Inventory } from "./inventory";

/** The Gateways whose pods a policy's selector or reference means, wherever they are. */
export function meantGateways(mesh: Inventory, { selector, targets, ref }: AuthorizationPolicy): Gateway[] {
    if (targets.length > 0) {
        return targets
            .filter(({ group, kind }) => group === GATEWAY_API && kind === "Gateway")
            .flatMap(({ name }) => mesh.gatewaysById.get(gatewayApiId(ref.namespace, name)) ?? []);
    }
    return selector === undefined
        ? mesh.gateways.filter(({ id }) => mesh.gatewayPods.get(id)?.namespaces.includes(ref.namespace))
        : mesh.gateways.filter(
              (gateway) => Object.keys(gateway.selector).length > 0 && isSamePods(gateway.selector, selector),
          );
}

/** Whether both can select the same pods, and have a label in common. */
function isSamePods(one: Record<string, string>, other: Record<string, string>): boolean {
    return selects(one, other) || selects(other, one);
}
