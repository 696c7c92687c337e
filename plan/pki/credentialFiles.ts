import { caOnlySecret } from "../shared/names";

const FOLDER = "/etc/mesh-egress/credentials";

/** Where the files of a credential are, in whatever proxy it is mounted into. */
export function credentialFolder(name: string): string {
    return `${FOLDER}/${name}`;
}

export function credentialFiles(name: string) {
    const folder = credentialFolder(name);
    return { certificate: `${folder}/tls.crt`, privateKey: `${folder}/tls.key`, ca: `${folder}/ca.crt` };
}

/**
 * The volume with a credential's files. Optional, or a gateway would wait for a secret that is made after it; one of
 * the two is there, the client credential or the CA-only one.
 */
export function credentialVolume(name: string) {
    return {
        projected: {
            sources: [name, caOnlySecret(name)].map((secret) => ({ secret: { name: secret, optional: true } })),
        },
    };
}

/** Annotations that make Istio's injector mount a credential of the pod's namespace into its sidecar. */
export function credentialAnnotations(name: string): Record<string, string> {
    const volume = "mesh-egress-credential";
    return {
        "sidecar.istio.io/userVolume": JSON.stringify([{ name: volume, ...credentialVolume(name) }]),
        "sidecar.istio.io/userVolumeMount": JSON.stringify([
            { name: volume, mountPath: credentialFolder(name), readOnly: true },
        ]),
    };
}
