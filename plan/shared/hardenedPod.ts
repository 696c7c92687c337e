/** User and group of pods whose image does not need a certain one. */
const UNPRIVILEGED = 65532;

/**
 * Security context of every pod that this package makes. It meets the "restricted" Pod Security Standard, and names a user, because a locked
 * namespace takes no pod whose image decides whom it runs as.
 */
export function podSecurity(user = UNPRIVILEGED) {
    return {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
    };
}

/** Security context of their containers. */
export const CONTAINER_SECURITY = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
};

/** A pod with one container. The types are the caller's, because a component passes outputs and `plan/` knows no Pulumi. */
export interface CurlPod<Image, Command> {
    /** Name of the container. */
    name: string;
    /** An image with `sh` and `curl`. */
    image: Image;
    command: Command;
    /** Service account that the pod runs as. Default: the namespace's `default`. */
    serviceAccountName?: string;
}

/** Spec of a pod that runs one command with curl and then ends. It gets no token of the API server. */
export function curlPodSpec<Image, Command>({ name, image, command, serviceAccountName }: CurlPod<Image, Command>) {
    return {
        restartPolicy: "Never",
        ...(serviceAccountName !== undefined && { serviceAccountName }),
        automountServiceAccountToken: false,
        securityContext: podSecurity(),
        containers: [
            {
                name,
                image,
                imagePullPolicy: "IfNotPresent",
                command,
                // The last lines say why a command failed.
                terminationMessagePolicy: "FallbackToLogsOnError",
                securityContext: CONTAINER_SECURITY,
                resources: { requests: { cpu: "10m", memory: "16Mi" } },
            },
        ],
    };
}
