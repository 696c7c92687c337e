import { Violation } from "../../shared/violation";
import { ISTIO_IMAGES } from "../../shared/officialSources";
import { Validation, cel } from "./admission";

/** Images of the sidecar in Istio's own registries and in the registry of AKS's add-on. */
export const OFFICIAL_PROXY_IMAGES = [
    `${ISTIO_IMAGES}/proxyv2`,
    // Istio retires it. But sidecars that a mesh injected before it moved run its images until they are restarted.
    "registry.istio.io/release/proxyv2",
    "mcr.microsoft.com/oss/istio/proxyv2",
    "mcr.microsoft.com/oss/v2/istio/proxyv2",
];

/** Registries in which anybody can create a repository. */
const PUBLIC_REGISTRIES = [
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "index.docker.io",
    "public.ecr.aws",
    "quay.io",
    "registry-1.docker.io",
    "registry.gitlab.com",
    "registry.hub.docker.com",
    "ttl.sh",
];

const EXPECTED =
    "a registry of your own, or a path in a public one, such as registry.example or docker.io/library/nginx";
const PREFIX = /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(?=:\d))(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Refuses an empty list, entries that are not a prefix of an image name, and registries in which anybody may push. */
export function validateImageRegistries(path: string, registries: string[]): Violation[] {
    if (registries.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, so no pod could start in a locked namespace",
                expected: EXPECTED,
                fix: "Name the registries from which the locked namespaces' images come",
            },
        ];
    }
    return registries.flatMap((registry, index) => {
        const at = { path: `${path}[${index}]`, value: registry, expected: EXPECTED };
        if (!PREFIX.test(registry)) {
            return [
                {
                    ...at,
                    problem: "is not a prefix of a full image name",
                    fix: "Write the registry's host name and a path, in lower case, without a scheme, a tag or a trailing slash",
                },
            ];
        }
        const [host, ...repository] = registry.split("/");
        if (PUBLIC_REGISTRIES.includes(host) && repository.length === 0) {
            return [
                {
                    ...at,
                    problem:
                        "is a registry in which anybody can create a repository, so a pod could send data to it in the name of an image",
                    fix: `Add the organization, such as ${host}/your-organization`,
                },
            ];
        }
        return [];
    });
}

/** Refuses images from other registries: a pull could carry data to them in the image's name and tag. */
export function imageValidation(registries: string[], images: string[]): Omit<Validation, "reason"> {
    const prefixes = registries.flatMap((registry) => ["/", ":", "@"].map((end) => registry + end));
    return {
        expression: `variables.apps.all(c, !has(c.image) || c.image in ${cel(images)} || ${cel(prefixes)}.exists(p, c.image.startsWith(p)))`,
        message: `An image comes from a registry that is not in imageRegistries: use the full name of an image below ${registries.join(", ")}, or ask an administrator of the egress gateway to add its registry to imageRegistries.`,
    };
}

/** Refuses sidecars whose image is not one of the mesh's. */
export function proxyImageValidation(images: string[]): Omit<Validation, "reason"> {
    // Matches the image itself with a tag or digest, not another image with the same prefix.
    const prefixes = images.flatMap((image) => [`${image}:`, `${image}@`]);
    return {
        expression: `variables.own.all(c, has(c.image) && ${cel(prefixes)}.exists(p, c.image.startsWith(p)))`,
        message:
            "The sidecar's image is not one of the mesh's: remove the image from the pod, or ask an administrator of the egress gateway to add it to proxyImages.",
    };
}
