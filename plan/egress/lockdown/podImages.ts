import { Violation } from "../../shared/violation";
import { ISTIO_IMAGES } from "../../shared/officialSources";
import { Validation, cel } from "./admission";

/** The sidecar's image in Istio's own registry, and in that of AKS's add-on. */
export const OFFICIAL_PROXY_IMAGES = [
    `${ISTIO_IMAGES}/proxyv2`,
    "registry.istio.io/release/proxyv2",
    "mcr.microsoft.com/oss/istio/proxyv2",
    "mcr.microsoft.com/oss/v2/istio/proxyv2",
];

/** Registries in which anybody can have a repository. */
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

/** Refuses an empty list, what is not the beginning of an image's name, and registries in which anybody may push. */
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
                    problem: "is not the beginning of an image's full name",
                    fix: "Write the registry's host name and a path, in lower case, without scheme, tag or a slash at the end",
                },
            ];
        }
        const [host, ...repository] = registry.split("/");
        if (PUBLIC_REGISTRIES.includes(host) && repository.length === 0) {
            return [
                {
                    ...at,
                    problem:
                        "is a registry in which anybody can have a repository, so that a pod could send data there in the name of an image",
                    fix: `Add the organization, such as ${host}/your-organization`,
                },
            ];
        }
        return [];
    });
}

/** Refuses images of other registries, to which an image's name and tag would carry data. */
export function imageValidation(registries: string[], images: string[]): Omit<Validation, "reason"> {
    const prefixes = registries.flatMap((registry) => ["/", ":", "@"].map((end) => registry + end));
    return {
        expression: `variables.apps.all(c, !has(c.image) || c.image in ${cel(images)} || ${cel(prefixes)}.exists(p, c.image.startsWith(p)))`,
        message: `An image comes from a registry that is not on the lockdown's list: use the full name of an image below ${registries.join(", ")}, or ask an administrator of the egress gateway to add its registry to imageRegistries.`,
    };
}

/** Refuses sidecars of another image than the mesh's. */
export function proxyImageValidation(images: string[]): Omit<Validation, "reason"> {
    // The image itself, with a tag or a digest: not one whose name only begins the same.
    const prefixes = images.flatMap((image) => [`${image}:`, `${image}@`]);
    return {
        expression: `variables.own.all(c, has(c.image) && ${cel(prefixes)}.exists(p, c.image.startsWith(p)))`,
        message:
            "The sidecar's image is not one of the mesh's: remove the image from the pod, or ask an administrator to add the mesh's own to proxyImages.",
    };
}
