import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";

/** What changes a sidecar's configuration, or the network's, past what the lockdown says. */
const REFUSED_KINDS: Record<string, string[]> = {
    "networking.istio.io": [
        "envoyfilters",
        "proxyconfigs",
        "serviceentries",
        "sidecars",
        "workloadentries",
        "workloadgroups",
    ],
    "extensions.istio.io": ["*"],
    "cilium.io": ["ciliumnetworkpolicies"],
    "crd.projectcalico.org": ["networkpolicies"],
    "projectcalico.org": ["networkpolicies"],
    "egressgateway.kubernetes.azure.com": ["*"],
};

const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Refuses configuration by which users of a locked namespace could open it. Administrators of the gateway may. */
export function configurationAdmission(name: string, namespaces: string[], gateway: GatewayLocation): Admission {
    const is = (group: string, resource: string) =>
        `request.resource.group == ${cel(group)} && request.resource.resource == ${cel(resource)}`;
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            ...Object.entries(REFUSED_KINDS).map(([group, resources]) => ({
                apiGroups: [group],
                apiVersions: ["*"],
                operations: BOTH,
                resources,
            })),
            {
                apiGroups: ["networking.k8s.io"],
                apiVersions: ["v1"],
                operations: BOTH,
                resources: ["networkpolicies"],
            },
            { apiGroups: [""], apiVersions: ["v1"], operations: BOTH, resources: ["services"] },
        ],
        matchConditions: [notAnAdministrator(gateway)],
        variables: [
            { name: "refused", expression: cel(Object.keys(REFUSED_KINDS)) },
            { name: "locked", expression: cel(namespaces) },
        ],
        validations: [
            {
                expression: "!(request.resource.group in variables.refused)",
                message:
                    "This kind of object changes what sidecars or the network let out of a locked namespace: ask an administrator of the egress gateway for a route.",
            },
            {
                expression: `!(${is("networking.k8s.io", "networkpolicies")}) || ${optional("dyn(object).spec", "egress", "[]")}.all(r, ${TO_LOCKED_PODS})`,
                message:
                    "A NetworkPolicy of a locked namespace may open the way to pods of locked namespaces only: give every egress rule a `to` with a podSelector, or a namespaceSelector by kubernetes.io/metadata.name.",
            },
            {
                expression: `!(${is("", "services")}) || !has(dyn(object).spec.type) || dyn(object).spec.type != "ExternalName"`,
                message:
                    "A Service of type ExternalName leads out of the cluster past the gateway: call the host itself, which a route opens.",
            },
        ],
    });
}

const TO_LOCKED_PODS =
    "has(r.to) && r.to.size() > 0 && r.to.all(p, !has(p.ipBlock) && (!has(p.namespaceSelector) || " +
    `has(p.namespaceSelector.matchLabels) && ${cel(NAME_LABEL)} in p.namespaceSelector.matchLabels && ` +
    `p.namespaceSelector.matchLabels[${cel(NAME_LABEL)}] in variables.locked))`;
