/** User and group of pods whose image does not need a specific one. */
const UNPRIVILEGED = 65532;

/**
 * Security context of every pod that this package creates. It meets the "restricted" Pod Security Standard. It sets a
 * user, because a locked namespace refuses pods whose image decides the user.
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

/**
 * A pod with one container. The caller chooses the types, because a component passes outputs and `plan/` does not know
 * Pulumi.
 */
export interface CurlPod<Image, Command> {
    /** Name of the container. */
    name: string;
    /** An image with `sh` and `curl`. */
    image: Image;
    command: Command;
    /** Service account that the pod runs as. Default: the namespace's `default`. */
    serviceAccountName?: string;
    /** Whether the command calls the API server as its service account. Default: false. */
    callsApiServer?: boolean;
}

/** Spec of a pod that runs one command with curl and then exits. It gets no API server token unless it needs one. */
export function curlPodSpec<Image, Command>(pod: CurlPod<Image, Command>) {
    const { name, image, command, serviceAccountName, callsApiServer = false } = pod;
    return {
        restartPolicy: "Never",
        ...(serviceAccountName !== undefined && { serviceAccountName }),
        automountServiceAccountToken: callsApiServer,
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
