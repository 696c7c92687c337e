import { join } from "node:path";
import type { Artifact } from "./cache";
import { directoryOf, keyOf } from "./cache";
import { envoyArtifact } from "./envoy";
import { goArtifact } from "./goBinary";
import { goBinaries, versions } from "./goModules";
import type { Image, ImageFile } from "./imageArchive";
import { writeImageArchive } from "./imageArchive";
import { istioFilesArtifact } from "./istioFiles";
import { rootfsArtifact } from "./rootfs";

/** A host that is reserved for documentation: the images cannot be mistaken for official ones, and nothing can pull them. */
const hub = "lab.example";

export const imageNames = {
    pause: `${hub}/pause:1`,
    coredns: `${hub}/coredns:${versions.coredns}`,
    nginx: `${hub}/nginx:1`,
    curl: `${hub}/curl:1`,
    istioHub: `${hub}/istio`,
    istioTag: versions.istio,
};

function goBinaryArtifact(name: string): Artifact {
    return goArtifact(goBinaries.find((binary) => binary.name === name)!);
}

/** Everything the images are made of; the archive's key follows from theirs. */
function parts(): Record<string, Artifact> {
    return {
        rootfs: rootfsArtifact(),
        coredns: goBinaryArtifact("coredns"),
        "pilot-discovery": goBinaryArtifact("pilot-discovery"),
        "pilot-agent": goBinaryArtifact("pilot-agent"),
        envoy: envoyArtifact(),
        istioFiles: istioFilesArtifact(),
    };
}

function images(directories: Record<string, string>): Image[] {
    const program = (name: string): ImageFile => ({
        source: join(directories[name], name),
        path: `usr/local/bin/${name}`,
        mode: 0o755,
    });
    return [
        { name: imageNames.pause, files: [], config: { Cmd: ["/bin/sleep", "infinity"] } },
        // The configuration must be mounted at /etc/nginx/nginx.conf.
        { name: imageNames.nginx, files: [], config: { Cmd: ["nginx", "-g", "daemon off;"] } },
        { name: imageNames.curl, files: [], config: { User: "100:101", Cmd: ["/bin/sleep", "infinity"] } },
        {
            name: imageNames.coredns,
            files: [program("coredns")],
            config: { Entrypoint: ["/usr/local/bin/coredns"] },
        },
        {
            name: `${imageNames.istioHub}/pilot:${imageNames.istioTag}`,
            files: [program("pilot-discovery")],
            config: { User: "1337:1337", Entrypoint: ["/usr/local/bin/pilot-discovery"] },
        },
        {
            name: `${imageNames.istioHub}/proxyv2:${imageNames.istioTag}`,
            files: [
                program("pilot-agent"),
                program("envoy"),
                {
                    source: join(directories.istioFiles, "envoy_bootstrap.json"),
                    path: "var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
                    mode: 0o644,
                },
            ],
            config: {
                Entrypoint: ["/usr/local/bin/pilot-agent"],
                Env: ["ISTIO_META_ISTIO_PROXY_SHA=vanilla"],
            },
        },
    ];
}

/** The docker-archive `images.tar` that containerd imports; its parts must have been built before. */
export function imagesArtifact(): Artifact {
    const used = parts();
    const keys = Object.fromEntries(Object.entries(used).map(([name, { key }]) => [name, key]));
    const directories = Object.fromEntries(Object.entries(used).map(([name, part]) => [name, directoryOf(part)]));
    const described = images(Object.fromEntries(Object.keys(used).map((name) => [name, name])));
    return {
        name: "images",
        key: keyOf({ ...keys, images: JSON.stringify(described) }),
        make: async (directory) => {
            const layer = join(directories.rootfs, "layer.tar");
            await writeImageArchive(layer, images(directories), join(directory, "images.tar"));
        },
    };
}
