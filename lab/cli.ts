import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { buildTasks, builtBinary } from "./build/build";
import { cacheRoot } from "./build/cache";
import type { Group } from "./build/goModules";
import { groups } from "./build/goModules";
import { prune } from "./build/prune";
import { formatStatus, status } from "./cluster/status";
import { down, up } from "./cluster/up";
import { lab } from "./cluster/lab";
import { LabError } from "./errors";
import { run } from "./progress";

const help = `A real Kubernetes on this machine, for users without a cluster. Requires root on Debian.

  npm run lab -- up             start the lab; builds what is missing first (once, about 25 minutes)
  npm run lab -- down           stop it, and leave nothing on the machine
  npm run lab -- down --images  the same, and remove the container images
  npm run lab -- status         show what is running
  npm run lab -- env            print the line that points kubectl and others at it: eval "$(npm run -s lab -- env)"
  npm run lab -- build [group]  build without starting: lab (the default), engine (Pulumi), languages (its hosts for
                                programs in TypeScript, YAML and Python), extra (test tools), older-istio (to upgrade
                                from) or plugins (Pulumi's own Kubernetes plugin, in place of the stand-in: prints the
                                line that puts it on PATH)
  npm run lab -- prune          remove old builds from the cache

What is built is kept in ${cacheRoot()}; MESH_EGRESS_CACHE moves it.`;

const commands: Record<string, (argument: string | undefined, options: { images: boolean }) => Promise<void>> = {
    up: async () => {
        const seconds = stopwatch();
        const result = await up({ show: true });
        console.log(result.wasRunning ? "The lab is already running." : `The lab is up, after ${seconds()} s.`);
        console.log(`export KUBECONFIG=${result.kubeconfig}`);
    },
    down: async (_, { images }) => {
        const seconds = stopwatch();
        await down({ show: true, images });
        console.log(`The lab is down, after ${seconds()} s; nothing of it is left running.`);
    },
    status: async () => console.log(formatStatus(await status())),
    env: async () => {
        const running = lab();
        if (!running) throw new LabError("The lab is not running. Start it: npm run lab -- up");
        console.log(`export KUBECONFIG=${running.kubeconfig}`);
        return Promise.resolve();
    },
    build: async (argument = "lab") => {
        if (!groups.includes(argument as Group)) {
            throw new LabError(`"${argument}" is not a group of programs. Groups: ${groups.join(", ")}.`);
        }
        const tasks = buildTasks(argument as Group);
        if (tasks.length === 0)
            console.log(`Everything in the group "${argument}" is already built, in ${cacheRoot()}.`);
        await run(tasks, { show: true });
        if (argument === "plugins") {
            console.log(`export PATH="${dirname(builtBinary("pulumi-resource-kubernetes"))}:$PATH"`);
        }
    },
    prune: async () => {
        const removed = prune();
        console.log(removed.length > 0 ? `Removed ${removed.join(", ")}.` : "There are no old builds.");
        return Promise.resolve();
    },
};

function stopwatch(): () => string {
    const start = performance.now();
    return () => ((performance.now() - start) / 1000).toFixed(1);
}

async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            help: { type: "boolean", short: "h" },
            images: { type: "boolean" },
            all: { type: "boolean" },
        },
    });
    const [name, argument] = positionals;
    if (values.help || !name) return console.log(help);
    const command = commands[name];
    if (!command)
        throw new LabError(`"${name}" is not a command of the lab. Commands: ${Object.keys(commands).join(", ")}.`);
    await command(argument, { images: !!(values.images || values.all) });
}

main().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
});
