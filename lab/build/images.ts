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

/** A program that was built, on the image's PATH; under another name than it was built as, where one is given. */
function program(directories: Record<string, string>, built: string, name = built): ImageFile {
    return { source: join(directories[built], built), path: `usr/local/bin/${name}`, mode: 0o755 };
}

function istioImages(tag: string, directories: Record<string, string>, prefix = ""): Image[] {
    const ofIstio = (name: string) => program(directories, `${prefix}${name}`, name);
    return [
        {
            name: `${imageNames.istioHub}/pilot:${tag}`,
            files: [ofIstio("pilot-discovery")],
            config: { User: "1337:1337", Entrypoint: ["/usr/local/bin/pilot-discovery"] },
        },
        {
            name: `${imageNames.istioHub}/proxyv2:${tag}`,
            files: [
                ofIstio("pilot-agent"),
                program(directories, "envoy"),
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

function images(directories: Record<string, string>): Image[] {
    return [
        { name: imageNames.pause, files: [], config: { Cmd: ["/bin/sleep", "infinity"] } },
        // The configuration must be mounted at /etc/nginx/nginx.conf.
        { name: imageNames.nginx, files: [], config: { Cmd: ["nginx", "-g", "daemon off;"] } },
        { name: imageNames.curl, files: [], config: { User: "100:101", Cmd: ["/bin/sleep", "infinity"] } },
        {
            name: imageNames.coredns,
            files: [program(directories, "coredns")],
            config: { Entrypoint: ["/usr/local/bin/coredns"] },
        },
        ...istioImages(imageNames.istioTag, directories),
    ];
}

/** The docker-archive `images.tar` that containerd imports; its parts must have been built before. */
export function imagesArtifact(): Artifact {
    return archiveArtifact("images", parts(), images);
}

/** The same of an older Istio: its control plane and its proxy, with the same Envoy. */
export function olderIstioImagesArtifact(): Artifact {
    const used = {
        rootfs: rootfsArtifact(),
        "older-pilot-discovery": goBinaryArtifact("older-pilot-discovery"),
        "older-pilot-agent": goBinaryArtifact("older-pilot-agent"),
        envoy: envoyArtifact(),
        istioFiles: istioFilesArtifact("older-istio"),
    };
    return archiveArtifact("older-istio-images", used, (directories) =>
        istioImages(versions.olderIstio, directories, "older-"),
    );
}

function archiveArtifact(
    name: string,
    used: Record<string, Artifact>,
    imagesOf: (directories: Record<string, string>) => Image[],
): Artifact {
    const keys = Object.fromEntries(Object.entries(used).map(([part, { key }]) => [part, key]));
    const directories = Object.fromEntries(
        Object.entries(used).map(([part, artifact]) => [part, directoryOf(artifact)]),
    );
    const described = imagesOf(Object.fromEntries(Object.keys(used).map((part) => [part, part])));
    return {
        name,
        key: keyOf({ ...keys, images: JSON.stringify(described) }),
        make: async (directory) => {
            const layer = join(directories.rootfs, "layer.tar");
            await writeImageArchive(layer, imagesOf(directories), join(directory, "images.tar"));
        },
    };
}
