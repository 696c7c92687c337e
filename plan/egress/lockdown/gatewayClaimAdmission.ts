import { GatewayLocation, gatewayPodLabels } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";
import { CLAIMED_NAMES, OVERLAP, concernsMeshOr, normalized } from "./hostNames";
import { serviceHost } from "../../shared/serviceHost";

const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];
const GATEWAY_API = ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"];

/**
 * Allows only the gateway's own namespace to configure the gateway's pods and to route calls to it, with objects of
 * Istio and of the Gateway API.
 */
export function gatewayClaimAdmission(name: string, gateway: GatewayLocation): Admission {
    const podLabels = gatewayPodLabels(gateway);
    const keys = Object.keys(podLabels);
    const whose = `the egress gateway ${gateway.namespace}/${gateway.name}`;
    return admission({
        name,
        namespaces: { operator: "NotIn", values: [gateway.namespace] },
        resourceRules: [
            {
                apiGroups: ["networking.istio.io"],
                apiVersions: ["*"],
                operations: BOTH,
                resources: ["destinationrules", "gateways", "serviceentries", "virtualservices"],
            },
            { apiGroups: GATEWAY_API, apiVersions: ["*"], operations: BOTH, resources: ["*"] },
        ],
        matchConditions: [notAnAdministrator(gateway)],
        variables: [
            { name: "isOfIstio", expression: 'request.resource.group == "networking.istio.io"' },
            { name: "spec", expression: optional("dyn(object)", "spec", "{}") },
            { name: "selector", expression: optional("variables.spec", "selector", "{}") },
            { name: "podLabels", expression: cel(podLabels) },
            { name: "ownHosts", expression: cel(gatewayHosts(gateway)) },
            { name: "claimed", expression: CLAIMED_NAMES },
            {
                name: "parents",
                expression: `${optional("variables.spec", "parentRefs", "[]")} + (has(variables.spec.parentRef) ? [variables.spec.parentRef] : [])`,
            },
            { name: "addresses", expression: addresses() },
        ],
        validations: [
            {
                // Its servers would be added to those of the egress gateway, or replace them.
                expression:
                    '!variables.isOfIstio || request.resource.resource != "gateways" || ' +
                    "variables.podLabels.exists(k, k in variables.selector && variables.selector[k] != variables.podLabels[k])",
                message: `A Gateway with this selector would configure the pods of ${whose}: select pods with another value of ${keys.join(" or ")}.`,
            },
            {
                expression:
                    '!variables.isOfIstio || request.resource.resource == "gateways" || ' +
                    `request.resource.resource == "virtualservices" && !(${concernsMeshOr(gateway.namespace)}) || ` +
                    `!variables.claimed.exists(h, variables.ownHosts.exists(o, ${OVERLAP} || h.startsWith(${cel(`${gateway.name}.${gateway.namespace}.svc.`)})))`,
                message: `Only its own namespace may route calls to ${whose}: remove its host, and wildcards that cover it, from this object.`,
            },
            {
                expression: `variables.isOfIstio || !variables.parents.exists(p, has(p.namespace) && p.namespace == ${cel(gateway.namespace)})`,
                message: `Only its own namespace may route calls to ${whose} and its hosts: remove the parentRef to the namespace ${gateway.namespace}.`,
            },
            {
                expression: `variables.isOfIstio || !variables.addresses.exists(h, variables.ownHosts.exists(o, ${OVERLAP} || h.startsWith(${cel(`${gateway.name}.${gateway.namespace}.svc.`)})))`,
                message: `The address of this Gateway is that of ${whose}, which only its own namespace may configure: remove the address.`,
            },
        ],
    });
}

/** Every spelling of the name of the gateway's Service, for any cluster domain. */
function gatewayHosts({ name, namespace }: GatewayLocation): string[] {
    return [`${name}.${namespace}`, `${name}.${namespace}.svc`, serviceHost(name, namespace)];
}

function addresses(): string {
    const list = optional("variables.spec", "addresses", "[]");
    return normalized(`(variables.isOfIstio ? [] : ${list}.filter(a, has(a.value)).map(a, string(a.value)))`);
}
