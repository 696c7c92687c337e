import { join } from "node:path";
import type { LabTask, OnProgress } from "../progress";
import { run, step, together } from "../progress";
import { LabError, messageOf } from "../errors";
import type { Artifact } from "./cache";
import { cached, obtain } from "./cache";
import { chromiumArtifact } from "./chromium";
import { imageTools, installPackages, missingPackages } from "./debian";
import { envoyArtifact } from "./envoy";
import { gatewayApiArtifact } from "./gatewayApi";
import { goArtifact } from "./goBinary";
import type { Group } from "./goModules";
import { goBinaries } from "./goModules";
import { imagesArtifact, olderIstioImagesArtifact } from "./images";
import type { Charts } from "./istioFiles";
import { chartsIn, istioFilesArtifact } from "./istioFiles";
import { mermaidArtifact } from "./mermaid";
import { PROMETHEUS_PROGRAMS, prometheusArtifact } from "./prometheus";
import { pythonExecutorArtifact } from "./pythonExecutor";
import { rootfsArtifact } from "./rootfs";

function programs(group: Group): Artifact[] {
    return goBinaries.filter((binary) => binary.group === group).map(goArtifact);
}

/** All artifacts of a group, each after its parts. */
export function artifactsOf(group: Group): Artifact[] {
    if (group === "engine") return programs(group);
    if (group === "languages") return [pythonExecutorArtifact(), ...programs(group)];
    if (group === "extra") return [chromiumArtifact(), mermaidArtifact(), prometheusArtifact(), ...programs(group)];
    if (group === "older-istio") {
        const [rootfs, envoy] = [rootfsArtifact(), envoyArtifact()];
        return [rootfs, envoy, istioFilesArtifact("older-istio"), ...programs(group), olderIstioImagesArtifact()];
    }
    return [
        ...[envoyArtifact(), istioFilesArtifact(), gatewayApiArtifact(), rootfsArtifact()],
        ...[...programs(group), imagesArtifact()],
    ];
}

export function missingArtifacts(group: Group): Artifact[] {
    return artifactsOf(group).filter((artifact) => !cached(artifact));
}

/** The steps that build what a group still lacks; none when all is cached. */
export function buildTasks(group: Group): LabTask[] {
    const missing = missingArtifacts(group);
    const build = (artifact: Artifact) =>
        step(`Build ${artifact.name}`, async (say) => {
            try {
                await obtain(artifact, say);
            } catch (error) {
                throw new LabError(`${artifact.name} could not be built:\n${messageOf(error)}`);
            }
        });
    const isArchive = ({ name }: Artifact) => /(^|-)images$/.test(name);
    const images = missing.filter(isArchive);
    const parts = missing.filter((artifact) => !isArchive(artifact));
    const tools = parts.some(({ name }) => name === "rootfs" || name === "envoy") ? missingPackages(imageTools) : [];
    return [
        ...(tools.length > 0 ? [step("Install what the build needs", (say) => installPackages(tools, say))] : []),
        // The Go compiler uses every core. A second build uses the time in which the first one links or downloads.
        ...(parts.length > 0 ? [together(`Build ${parts.length} parts, once`, parts.map(build), 2)] : []),
        ...images.map(build),
    ];
}

/** Builds what a group still lacks. */
export async function build(group: Group, onProgress?: OnProgress): Promise<void> {
    await run(buildTasks(group), { onProgress });
}

/** Builds one program, where it is not built yet. */
export async function buildProgram(name: string, onProgress: OnProgress): Promise<void> {
    const program = goBinaries.find((candidate) => candidate.name === name);
    if (program && !binary(name)) {
        await obtain(goArtifact(program), onProgress);
    }
}

/** The path of a cached program (kubelet, istioctl, helm, pulumi, ...) or of Mermaid's script, or undefined when it is not built. */
export function binary(name: string): string | undefined {
    const program = goBinaries.find((candidate) => candidate.name === name);
    const others: Record<string, () => Artifact> = {
        envoy: envoyArtifact,
        chromium: chromiumArtifact,
        mermaid: mermaidArtifact,
        ...Object.fromEntries(PROMETHEUS_PROGRAMS.map((one) => [one, prometheusArtifact])),
    };
    const artifact = program ? goArtifact(program) : others[name]?.();
    const directory = artifact && cached(artifact);
    return directory && join(directory, name);
}

/** A program that is known to be built. */
export function builtBinary(name: string): string {
    const path = binary(name);
    if (!path) throw new LabError(`${name} is not built yet. Run: npm run lab -- build`);
    return path;
}

export function builtCharts(): Charts | undefined {
    const directory = cached(istioFilesArtifact());
    return directory ? chartsIn(directory) : undefined;
}

/** Charts and images of an older Istio; undefined when they are not built. */
export function builtOlderIstio(): { charts: Charts; images: string } | undefined {
    const [files, images] = [cached(istioFilesArtifact("older-istio")), cached(olderIstioImagesArtifact())];
    return files && images ? { charts: chartsIn(files), images: join(images, "images.tar") } : undefined;
}

export function builtImages(): string | undefined {
    const directory = cached(imagesArtifact());
    return directory && join(directory, "images.tar");
}
