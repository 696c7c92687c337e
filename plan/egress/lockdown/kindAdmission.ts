import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";
import { ORDINARY_KINDS } from "./allowedKinds";
import { notOfTheMesh, notTheControlPlane } from "./controlPlane";
import { MESH_AUDIENCE } from "./podFields";
import { ISTIO_CONTAINERS } from "./podTemplate";

export interface KindOptions {
    gateway: GatewayLocation;
    meshNamespace: string;
    /** Kinds that are allowed in addition, as group/resource or group/*. */
    allowedKinds: string[];
}

/** ConfigMaps that istiod and Kubernetes write into every namespace, and by which pods verify them. */
const ROOT_CONFIG_MAPS = ["istio-ca-crl", "istio-ca-root-cert", "kube-root-ca.crt"];

const TOKEN = "/serviceaccounts/token";

const ROUTE = "ask an administrator of the egress gateway for a route";

/** Alternatives for the kinds that tenants try most often. */
const INSTEAD: Record<string, string> = {
    "/endpoints": "give the Service a pod selector",
    "/pods/proxy": "use kubectl port-forward",
    "/services/proxy": "use kubectl port-forward",
    "discovery.k8s.io/endpointslices": "give the Service a pod selector",
    "networking.istio.io/envoyfilters": ROUTE,
    "networking.istio.io/proxyconfigs": ROUTE,
    "networking.istio.io/serviceentries": ROUTE,
    "networking.istio.io/sidecars": ROUTE,
    "networking.istio.io/workloadentries": ROUTE,
    "networking.istio.io/workloadgroups": ROUTE,
};

/**
 * Lets users of a locked namespace write ordinary kinds and `allowedKinds` only: an operator that acts on any other
 * kind might call an address for them. Deleting is always allowed.
 */
export function kindAdmission(name: string, namespaces: string[], options: KindOptions): Admission {
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            {
                apiGroups: ["*"],
                apiVersions: ["*"],
                operations: ["CREATE", "UPDATE", "CONNECT"],
                resources: ["*/*"],
                scope: "Namespaced",
            },
        ],
        matchConditions: [
            notAnAdministrator(options.gateway),
            notTheControlPlane(),
            notOfTheMesh(options.meshNamespace),
        ],
        variables: [
            {
                name: "allowed",
                expression: cel([
                    ...Object.entries(ORDINARY_KINDS).flatMap(([group, resources]) =>
                        resources.map((resource) => `${group}/${resource}`),
                    ),
                    ...options.allowedKinds,
                ]),
            },
            { name: "instead", expression: cel(INSTEAD) },
            { name: "subresource", expression: optional("request", "subResource", '""') },
            { name: "resource", expression: 'request.resource.group + "/" + request.resource.resource' },
            {
                name: "kind",
                expression: 'variables.resource + (variables.subresource == "" ? "" : "/" + variables.subresource)',
            },
        ],
        validations: [
            {
                // An allowed kind includes its subresources. For ordinary kinds, each subresource is listed.
                expression:
                    `variables.kind in variables.allowed || request.resource.group + "/*" in variables.allowed || ` +
                    `variables.resource in ${cel(options.allowedKinds)}`,
                message:
                    "Objects of this kind are not allowed in a locked namespace: ask an administrator of the egress gateway to write it, or to add it to allowedKinds.",
                messageExpression:
                    `${cel("Objects of ")} + variables.kind + ${cel(" are not allowed in a locked namespace, because a controller could call an address for them: ")} + ` +
                    `(variables.kind in variables.instead ? variables.instead[variables.kind] : ` +
                    `${cel("ask an administrator of the egress gateway to write it, or to add it to allowedKinds")}) + "."`,
            },
            {
                expression:
                    'request.operation != "CONNECT" || !(variables.subresource in ["attach", "exec"]) || ' +
                    // Without a name, the only container of a pod is meant, which can be the sidecar's.
                    `has(dyn(object).container) && dyn(object).container != "" && !(dyn(object).container in ${cel(ISTIO_CONTAINERS)})`,
                message:
                    "Connections from the sidecar's container bypass the gateway: name a container of the application to run the command in.",
            },
            {
                expression: `variables.kind != ${cel(TOKEN)} || !has(dyn(object).spec.audiences) || !(${cel(MESH_AUDIENCE)} in dyn(object).spec.audiences)`,
                message: `With a token for the audience ${MESH_AUDIENCE} one gets the mesh's certificate of a service account without its sidecar: ask for a token of another audience.`,
            },
            {
                expression: `variables.kind != "/configmaps" || !(request.name in ${cel(ROOT_CONFIG_MAPS)})`,
                message:
                    "By this ConfigMap sidecars verify the mesh's control plane, or pods the API server: leave it as it is, and give a ConfigMap of yours another name.",
            },
            {
                expression: `variables.kind != "telemetry.istio.io/telemetries" || !has(dyn(object).spec) || !has(dyn(object).spec.accessLogging)`,
                message:
                    "The mesh's configuration decides what the sidecars of a locked namespace log: remove accessLogging.",
            },
        ],
    });
}
