import { Violation } from "../shared/violation";
import { ResolvedNetwork } from "./resolvedNetwork";
import { OutboundControl } from "./outboundControl";

/** An image that nodes pull, or the registry and path of several, with the option that sets it. */
export interface PulledImage {
    path: string;
    image: string;
}

/** Registry of AKS's own images, which every node can reach in all modes. */
const MICROSOFT_REGISTRY = "mcr.microsoft.com";
/** Hosts from which Docker Hub images are pulled (content/manuals/desktop/setup/allow-list.md of docker/docs, 2026). */
const DOCKER_HUB = [
    "registry-1.docker.io",
    "auth.docker.io",
    "production.cloudflare.docker.com",
    "production.cloudfront.docker.com",
    "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
];

/** Hosts that a node calls to pull an image. An image without a host is from Docker Hub. */
export function pullHosts(image: string): string[] {
    const [first, ...path] = image.split("/");
    const host = path.length > 0 && /[.:]/.test(first) ? first.replace(/:\d+$/, "") : "docker.io";
    return host === "docker.io" ? DOCKER_HUB : [host];
}

/** Refuses images that no node could pull because the network's outbound control blocks their registry. */
export function validateImageHosts(
    { outboundControl, allowedFqdns }: Pick<ResolvedNetwork, "outboundControl" | "allowedFqdns">,
    images: PulledImage[],
): Violation[] {
    const passes = (host: string) =>
        host === MICROSOFT_REGISTRY ||
        (outboundControl === OutboundControl.Firewall
            ? allowedFqdns.some((allowed) => covers(allowed, host))
            : outboundControl === OutboundControl.Nsg
              ? host.endsWith(".azurecr.io")
              : true);
    return images.flatMap(({ path, image }) => {
        const closed = pullHosts(image).filter((host) => !passes(host));
        return closed.length === 0 ? [] : [unreachable({ path, image }, closed, outboundControl)];
    });
}

function covers(allowed: string, host: string): boolean {
    return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : allowed === host;
}

function unreachable({ path, image }: PulledImage, closed: string[], outboundControl: OutboundControl): Violation {
    const own = `Import it into an Azure container registry (az acr import), set ${path} to its name there, and azure.cluster.registryIds to the registry's id`;
    return {
        path,
        value: image,
        problem: `cannot be pulled: outboundControl ${outboundControl} does not let the nodes call ${closed.join(", ")}`,
        expected: "an image in a registry of azure.cluster.registryIds",
        fix:
            outboundControl === OutboundControl.Firewall
                ? `${own}; or add the hosts to azure.network.allowedFqdns`
                : own,
    };
}
