import { existsSync, readFileSync, statfsSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { dirname } from "node:path";
import { attempt } from "../command";
import { missingArtifacts } from "../build/build";
import { cacheRoot } from "../build/cache";
import { clusterTools, imageTools, installCommand, missingPackages, programPath } from "../build/debian";
import { goVersion } from "../build/go";
import { goBinaries } from "../build/goModules";
import { LabError } from "../errors";
import type { Listener } from "./addresses";
import { listeners, nodeInterface, nodeSubnet, overlaps, podBridge, podSubnet, serviceSubnet } from "./addresses";
import { before } from "./before";
import { ownPids } from "./cgroups";
import { ownChains } from "./firewall";
import type { Range } from "./network";
import { machineRanges } from "./network";
import { stateFolder } from "./places";
import { holderOf, openPorts, takenPorts } from "./ports";
import { readText } from "./procfs";

/** Something that would stop the lab, and what to do about it. */
export interface Problem {
    what: string;
    found: string;
    fix: string;
}

/** Properties of the machine that the lab depends on. */
export interface Machine {
    platform: string;
    architecture: string;
    /** /etc/os-release, or nothing. */
    osRelease: string;
    isRoot: boolean;
    missingPackages: string[];
    /** Artifacts that must be built. */
    toBuild: string[];
    /** "go1.26.8 linux amd64", or undefined without Go. */
    go?: string;
    /** What the registry of Go modules said when asked, if it could not be asked. */
    registryError?: string;
    freeBytes: { folder: string; free: number; need: number }[];
    freeMemory: number;
    taken: (Listener & { holder?: { pid: number; program: string } })[];
    ranges: Range[];
    /** Chains of another Kubernetes in the firewall. */
    foreignChains: string[];
}

const gigabyte = 1e9;
const inGigabytes = (bytes: number) => `${(bytes / gigabyte).toFixed(1)} GB`;

/** Go 1.21 is the first that fetches by itself the newer toolchain which go.mod asks for. */
const oldestGo = [1, 21];

export function isGoNewEnough(version: string): boolean {
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? ["", "0", "0"];
    return Number(major) > oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1]);
}

export function isDebian(osRelease: string): boolean {
    return /^ID(_LIKE)?=.*\bdebian\b/m.test(osRelease);
}

/** All problems at once, so that users need not fix them one after another. */
export function problemsOf(machine: Machine): Problem[] {
    const problem = (wrong: boolean, what: string, found: string, fix: string) => (wrong ? [{ what, found, fix }] : []);
    const { toBuild } = machine;
    const builds = toBuild.some((name) => goBinaries.some((program) => program.name === name));
    if (machine.platform !== "linux") {
        const fix = "Run it in a Linux virtual machine, or use a cluster you have: any KUBECONFIG serves the stack.";
        return problem(true, "The lab needs Linux", machine.platform, fix);
    }
    return [
        ...problem(
            machine.architecture !== "x64",
            "The lab needs a 64-bit x86 machine, for its Envoy is built for that alone",
            machine.architecture,
            "Use such a machine, or a cluster you have.",
        ),
        ...problem(
            !machine.isRoot,
            "The lab makes network interfaces, mounts and control groups, and must be root for it",
            "an ordinary user",
            'Run it as root: sudo env PATH="$PATH" npm run lab -- up',
        ),
        ...problem(
            machine.missingPackages.length > 0 && !isDebian(machine.osRelease),
            "Programs are missing, and this is no Debian where the lab could install them",
            `none of Debian's packages ${machine.missingPackages.join(", ")}`,
            `Install what brings the same programs. On Debian: ${installCommand(machine.missingPackages)}`,
        ),
        ...(toBuild.length > 0 ? buildProblems(machine, builds) : []),
        ...machine.freeBytes.flatMap(({ folder, free, need }) =>
            problem(
                free < need,
                `${folder} needs ${inGigabytes(need)} free`,
                inGigabytes(free),
                "Make room there, or set MESH_EGRESS_CACHE to a folder on a larger disk for what the lab builds.",
            ),
        ),
        ...problem(
            machine.freeMemory < 1.5 * gigabyte,
            "The lab with Istio needs 1.5 GB of memory",
            `${inGigabytes(machine.freeMemory)} free`,
            "End what uses the memory, or use a larger machine.",
        ),
        ...machine.taken.flatMap(({ address, port, process, holder }) =>
            problem(
                true,
                `Port ${port} of ${address}, for the lab's ${process}, is taken`,
                holder ? `process ${holder.pid} (${holder.program})` : "a process that /proc does not show",
                "End that process first.",
            ),
        ),
        ...machine.ranges.flatMap((range) =>
            [nodeSubnet, podSubnet, serviceSubnet]
                .filter((subnet) => overlaps(subnet, range.range))
                .flatMap((subnet) =>
                    problem(
                        true,
                        `The lab's network ${subnet} is in use`,
                        `${range.range} on ${range.interface}`,
                        "Remove that address, or run the lab on another machine.",
                    ),
                ),
        ),
        ...problem(
            machine.foreignChains.length > 0,
            "Another Kubernetes manages this machine's firewall",
            machine.foreignChains.slice(0, 3).join(", "),
            "Use that cluster in place of the lab, or stop it and remove its rules.",
        ),
    ];
}

function buildProblems({ go, registryError, toBuild }: Machine, builds: boolean): Problem[] {
    const list =
        toBuild.length > 4 ? `${toBuild.slice(0, 3).join(", ")} and ${toBuild.length - 3} more` : toBuild.join(", ");
    const get =
        "Install Go 1.26 or later, from your distribution or from the Go project, and put its bin folder on PATH.";
    if (!go) return [{ what: `Go is needed to build ${list}`, found: "no Go on PATH", fix: get }];
    if (!isGoNewEnough(go)) return [{ what: `Go 1.26 is needed to build ${list}`, found: go, fix: get }];
    if (!builds || !registryError) return [];
    return [
        {
            what: `The registry of Go modules must be reachable to build ${list}`,
            found: registryError,
            fix: "Check the network, and `go env GOPROXY`. What is built once is kept, and needs no network again.",
        },
    ];
}

export function describeProblems(problems: Problem[]): string {
    const lines = problems.map(({ what, found, fix }) => `- ${what}.\n  Found: ${found}\n  ${fix}`);
    return `The lab can't start on this machine; nothing was changed.\n${lines.join("\n")}`;
}

async function inspect(): Promise<Machine> {
    const toBuild = missingArtifacts("lab").map(({ name }) => name);
    const makesImages = toBuild.some((name) => name === "rootfs" || name === "envoy");
    const own = new Set(ownPids());
    const isRoot = process.getuid?.() === 0;
    // Only root can see which process holds a port. Without that, the lab's own processes would look foreign.
    const taken = takenPorts(isRoot ? Object.values(listeners) : [], openPorts())
        .map(({ inode, ...listener }) => ({ ...listener, holder: holderOf(inode) }))
        .filter(({ holder }) => !holder || !own.has(holder.pid));
    const ranges = programPath("ip") ? await machineRanges() : [];
    return {
        platform: process.platform,
        architecture: process.arch,
        osRelease: readText("/etc/os-release") ?? "",
        isRoot,
        missingPackages: missingPackages(makesImages ? [...clusterTools, ...imageTools] : clusterTools),
        toBuild,
        go: goVersion(),
        registryError: toBuild.length > 0 ? await registryError() : undefined,
        freeBytes: space(toBuild.length > 0),
        freeMemory: availableMemory(),
        taken,
        ranges: ranges.filter((range) => ![nodeInterface, podBridge].includes(range.interface)),
        // The ports of a partly started lab are its own.
        foreignChains:
            before() || !isRoot ? [] : (await ownChains("iptables")).filter((chain) => chain.includes("KUBE-")),
    };
}

/** Sends the registry a request that no local cache answers, with Go's own client and proxy. */
async function registryError(): Promise<string | undefined> {
    if (!programPath("go")) return undefined;
    const asked = await attempt("go", ["list", "-m", "golang.org/x/mod@latest"], {
        cwd: tmpdir(),
        env: { GOFLAGS: "", GO111MODULE: "on" },
        timeout: 60_000,
    });
    if (asked.exitCode === 0) return undefined;
    return asked.stderr.trim().split("\n").at(-1) || "no answer within 60 s";
}

function space(mustBuild: boolean): Machine["freeBytes"] {
    const needs = [{ folder: stateFolder, need: 2 * gigabyte }];
    // Go's own caches grow by far more than the results.
    if (mustBuild) needs.push({ folder: cacheRoot(), need: 10 * gigabyte });
    return needs.map(({ folder, need }) => {
        const { bavail, bsize } = statfsSync(existingParent(folder));
        return { folder, need, free: bavail * bsize };
    });
}

function existingParent(folder: string): string {
    return existsSync(folder) ? folder : existingParent(dirname(folder));
}

function availableMemory(): number {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    return available ? Number(available) * 1024 : freemem();
}

export async function preflight(): Promise<void> {
    const problems = problemsOf(await inspect());
    if (problems.length > 0) throw new LabError(describeProblems(problems));
}
