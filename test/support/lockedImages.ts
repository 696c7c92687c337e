import type { LocalSettings } from "../../lab/proof/program";

/** The images that locked namespaces of the local environment may have. */
export function lockedImages({ curlImage, mesh }: LocalSettings) {
    return {
        imageRegistries: [curlImage.slice(0, curlImage.lastIndexOf("/"))],
        proxyImages: mesh.hub ? [`${mesh.hub}/proxyv2`] : undefined,
        checkImage: curlImage,
    };
}
