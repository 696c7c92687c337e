import { GatewayLocation, gatewayPodLabels, gatewayServiceHost } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";

/** Keeps every namespace but the gateway's from configuring its pods, and from saying where calls to it go. */
export function gatewayClaimAdmission(name: string, gateway: GatewayLocation): Admission {
    const podLabels = gatewayPodLabels(gateway);
    const keys = Object.keys(podLabels);
    return admission({
        name,
        namespaces: { operator: "NotIn", values: [gateway.namespace] },
        resourceRules: [
            {
                apiGroups: ["networking.istio.io"],
                apiVersions: ["*"],
                operations: ["CREATE", "UPDATE"],
                resources: ["destinationrules", "gateways", "serviceentries", "virtualservices"],
            },
        ],
        matchConditions: [notAnAdministrator(gateway)],
        variables: [
            { name: "spec", expression: optional("dyn(object)", "spec", "{}") },
            { name: "selector", expression: optional("variables.spec", "selector", "{}") },
            { name: "podLabels", expression: cel(podLabels) },
        ],
        validations: [
            {
                // Its servers would be added to those of the egress gateway, or take their place.
                expression:
                    'request.resource.resource != "gateways" || ' +
                    "variables.podLabels.exists(k, k in variables.selector && variables.selector[k] != variables.podLabels[k])",
                message: `A Gateway with this selector takes the pods of the egress gateway ${gateway.namespace}/${gateway.name}: select pods by another value of ${keys.join(" or ")}.`,
            },
            {
                expression:
                    'request.resource.resource == "gateways" || ' +
                    `!((has(variables.spec.host) ? [variables.spec.host] : ${optional("variables.spec", "hosts", "[]")})` +
                    `.exists(h, h.lowerAscii() == ${cel(gatewayServiceHost(gateway))}))`,
                message: `Only its own namespace says where calls to the egress gateway ${gateway.namespace}/${gateway.name} go: remove its host from this object.`,
            },
        ],
    });
}
