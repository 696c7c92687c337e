import { cel } from "./admission";

/** Users that run the cluster: its API server, controllers and scheduler. */
const USERS = ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"];

/** Groups that run the cluster: nodes, and the service accounts of its controllers. */
const GROUPS = ["system:nodes", "system:serviceaccounts:kube-system"];

/** True for users outside Kubernetes' own control plane, whose garbage collector must be able to delete objects. */
export function notTheControlPlane() {
    return {
        name: "is-not-of-the-control-plane",
        expression: `!(request.userInfo.username in ${cel(USERS)}) && !(has(request.userInfo.groups) && request.userInfo.groups.exists(g, g in ${cel(GROUPS)}))`,
    };
}

/**
 * True for users that are not service accounts of the mesh's root namespace: istiod runs there and writes the status of
 * objects.
 */
export function notOfTheMesh(meshNamespace: string) {
    return {
        name: "is-not-of-the-mesh",
        expression: `!(has(request.userInfo.groups) && ${cel(`system:serviceaccounts:${meshNamespace}`)} in request.userInfo.groups)`,
    };
}
