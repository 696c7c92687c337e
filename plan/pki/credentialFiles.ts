import { caOnlySecret } from "../shared/names";

const FOLDER = "/etc/mesh-egress/credentials";

/** Paths of a credential's files in a proxy. */
export function credentialFolder(name: string): string {
    return `${FOLDER}/${name}`;
}

export function credentialFiles(name: string) {
    const folder = credentialFolder(name);
    return { certificate: `${folder}/tls.crt`, privateKey: `${folder}/tls.key`, ca: `${folder}/ca.crt` };
}

/**
 * Volume with a credential's files. Its sources are optional: the secret is created after the gateway, and only one of
 * the two exists, the client credential or the CA-only one.
 */
export function credentialVolume(name: string) {
    return {
        projected: {
            sources: [name, caOnlySecret(name)].map((secret) => ({ secret: { name: secret, optional: true } })),
        },
    };
}

/** Annotations that make Istio's injector mount a credential from the pod's namespace into its sidecar. */
export function credentialAnnotations(name: string): Record<string, string> {
    const volume = "mesh-egress-credential";
    return {
        "sidecar.istio.io/userVolume": JSON.stringify([{ name: volume, ...credentialVolume(name) }]),
        "sidecar.istio.io/userVolumeMount": JSON.stringify([
            { name: volume, mountPath: credentialFolder(name), readOnly: true },
        ]),
    };
}
