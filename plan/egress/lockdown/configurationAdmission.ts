import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { agentKeys, agentValidation } from "./agentAnnotations";
import { notAnAdministrator } from "./administrators";
import { ServiceType } from "./serviceType";

const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];
const NAME_LABEL = "kubernetes.io/metadata.name";

/**
 * Refuses NetworkPolicies, Services, claims of volumes, ConfigMaps and Secrets with which users of a locked namespace could bypass the
 * gateway. Administrators of the gateway may write them.
 */
export function configurationAdmission(
    name: string,
    namespaces: string[],
    gateway: GatewayLocation,
    { serviceTypes, allowedAnnotations = [] }: { serviceTypes: ServiceType[]; allowedAnnotations?: string[] },
): Admission {
    const concerns = (resource: string) => `request.resource.resource == ${cel(resource)}`;
    const types = ["ClusterIP", ...serviceTypes];
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            {
                apiGroups: ["networking.k8s.io"],
                apiVersions: ["v1"],
                operations: BOTH,
                resources: ["networkpolicies"],
            },
            {
                apiGroups: [""],
                apiVersions: ["v1"],
                operations: BOTH,
                resources: ["persistentvolumeclaims", "services", ...FILES],
            },
        ],
        matchConditions: [notAnAdministrator(gateway), HAS_NEWS],
        variables: [
            { name: "locked", expression: cel(namespaces) },
            { name: "spec", expression: optional("dyn(object)", "spec", "{}") },
            { name: "labels", expression: optional("dyn(object).metadata", "labels", "{}") },
            {
                name: "agentKeys",
                expression: `${concerns("networkpolicies")} ? [] : ${agentKeys(optional("dyn(object).metadata", "annotations", "{}"), allowedAnnotations)}`,
            },
            {
                name: "sources",
                expression: `${concerns("persistentvolumeclaims")} ? ["dataSource", "dataSourceRef"].filter(f, f in variables.spec).map(f, variables.spec[f]) : []`,
            },
        ],
        validations: [
            {
                expression: `!(${concerns("networkpolicies")}) || ${optional("variables.spec", "egress", "[]")}.all(r, ${TO_LOCKED_PODS})`,
                message:
                    "A NetworkPolicy in a locked namespace may allow egress to pods of locked namespaces only: give every egress rule a `to` with a podSelector, or with a namespaceSelector that matches kubernetes.io/metadata.name.",
            },
            {
                expression: `!(${concerns("services")}) || !has(variables.spec.type) || variables.spec.type != "ExternalName"`,
                message:
                    "A Service of type ExternalName bypasses the gateway: remove it, and call the host of an EgressRoute by its own name.",
            },
            {
                expression: `!(${concerns("services")}) || !has(variables.spec.type) || variables.spec.type in ${cel([...types, "ExternalName"])}`,
                message: `A Service in a locked namespace must have the type ${types.join(" or ")}: set it, or ask an administrator of the egress gateway to add the type to serviceTypes.`,
            },
            {
                expression: `!(${concerns("services")}) || ${optional("variables.spec", "externalIPs", "[]")}.size() == 0`,
                message:
                    "externalIPs redirect the cluster's calls to those addresses, which can be a partner's: remove them, and call the Service by its name.",
            },
            agentValidation("variables.agentKeys"),
            {
                // The source of a volume never changes.
                expression: `request.operation != "CREATE" || variables.sources.all(s, !has(s.namespace) && (s.kind == "PersistentVolumeClaim" || s.kind == "VolumeSnapshot" && has(s.apiGroup) && s.apiGroup == "snapshot.storage.k8s.io"))`,
                message:
                    "A volume with this source is filled by a controller that could call an address for it: use a PersistentVolumeClaim or a VolumeSnapshot of this namespace as dataSource, or none.",
            },
            {
                expression:
                    `!(request.resource.resource in ${cel(FILES)}) || !variables.labels.exists(k, k.startsWith("grafana_") && ` +
                    `(!k.startsWith("grafana_dashboard") || ["data", "binaryData", "stringData"].exists(f, f in dyn(object) && dyn(object)[f].exists(d, d.endsWith(".url")))))`,
                message:
                    "Grafana would call an address that this object names: it downloads keys that end with .url, and calls data sources and contact points. Remove the label that begins with grafana_, or ask an administrator of the egress gateway to create the object.",
            },
        ],
    });
}

/** Kinds from which Grafana's sidecar (kiwigrid/k8s-sidecar) reads files, in all namespaces, by label. */
const FILES = ["configmaps", "secrets"];

const changed = (of: string, field: string) =>
    `${optional(`dyn(object)${of}`, field, "{}")} != ${optional(`dyn(oldObject)${of}`, field, "{}")}`;

/**
 * Existing NetworkPolicies and Services can still be labelled and deleted, but not changed into something that is
 * refused.
 */
const HAS_NEWS = {
    name: "has-news",
    expression: [
        'request.operation == "CREATE"',
        ...["spec", "data", "binaryData"].map((field) => changed("", field)),
        changed(".metadata", "annotations"),
        `request.resource.resource in ${cel(FILES)} && ${changed(".metadata", "labels")}`,
    ].join(" || "),
};

const TO_LOCKED_PODS =
    "has(r.to) && r.to.size() > 0 && r.to.all(p, !has(p.ipBlock) && (!has(p.namespaceSelector) || " +
    `has(p.namespaceSelector.matchLabels) && ${cel(NAME_LABEL)} in p.namespaceSelector.matchLabels && ` +
    `p.namespaceSelector.matchLabels[${cel(NAME_LABEL)}] in variables.locked))`;
