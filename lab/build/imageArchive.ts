import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";
import { pack } from "tar-stream";

/** A file of the host that goes into an image. */
export interface ImageFile {
    source: string;
    /** Its path in the image, without the leading slash. */
    path: string;
    mode: number;
}

export interface Image {
    name: string;
    files: ImageFile[];
    config: { Entrypoint?: string[]; Cmd?: string[]; User?: string; Env?: string[] };
}

interface Layer {
    file: string;
    digest: string;
}

/** Writes one docker-archive with all the images, each the base layer and at most one of its own. */
export async function writeImageArchive(baseLayer: string, images: Image[], target: string): Promise<void> {
    const base = { file: baseLayer, digest: await digestOf(baseLayer) };
    const archive = pack();
    const written = pipeline(archive, createWriteStream(target));
    const manifest = [];
    await addFile(archive, base.file, `${base.digest}/layer.tar`);
    for (const [index, image] of images.entries()) {
        const layers = [base];
        if (image.files.length > 0) {
            const own = await writeLayer(image.files, join(target, "..", `layer-${index}.tar`));
            await addFile(archive, own.file, `${own.digest}/layer.tar`);
            rmSync(own.file);
            layers.push(own);
        }
        const config = imageConfig(image, layers);
        const name = `${createHash("sha256").update(config).digest("hex")}.json`;
        archive.entry({ name }, config);
        manifest.push({
            Config: name,
            RepoTags: [image.name],
            Layers: layers.map(({ digest }) => `${digest}/layer.tar`),
        });
    }
    archive.entry({ name: "manifest.json" }, JSON.stringify(manifest));
    archive.finalize();
    await written;
}

function imageConfig(image: Image, layers: Layer[]): string {
    const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    return JSON.stringify({
        architecture: "amd64",
        os: "linux",
        config: { ...image.config, Env: [path, ...(image.config.Env ?? [])] },
        rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
        history: [],
    });
}

async function writeLayer(files: ImageFile[], target: string): Promise<Layer> {
    const layer = pack();
    const written = pipeline(layer, createWriteStream(target));
    for (const { source, path, mode } of files) await addFile(layer, source, path, mode);
    layer.finalize();
    await written;
    return { file: target, digest: await digestOf(target) };
}

async function addFile(archive: Pack, source: string, name: string, mode = 0o644): Promise<void> {
    // A fixed time: the same files give the same digest, and a second import finds every layer already there.
    const entry = archive.entry({ name, mode, size: statSync(source).size, mtime: new Date(0) });
    await pipeline(createReadStream(source), entry);
}

async function digestOf(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}
