import { text } from "node:stream/consumers";
import type { Stack } from "@pulumi/pulumi/automation";
import { type EngineChoice, openStack, type PluginChoice } from "../../lab/engine";
import { type Scenery, program } from "./program";

/** One operation of one stack, in a process of its own as a user has it. */
export interface Task {
    operation: "preview" | "up" | "destroy";
    stack: string;
    engine: EngineChoice;
    plugins: PluginChoice[];
    stateDir: string;
    passphrase: string;
    scenery: Scenery;
    /** More environment for the engine. */
    env?: Record<string, string>;
}

/** What it took. */
export interface Answer {
    seconds: number;
    /** Resources by what was done to them. */
    changes: Record<string, number>;
    /** Peak of this process's memory. */
    programMegabytes: number;
}

const OPERATIONS: Record<Task["operation"], (stack: Stack) => Promise<Record<string, number> | undefined>> = {
    preview: async (stack) => (await stack.preview()).changeSummary,
    up: async (stack) => (await stack.up()).summary.resourceChanges,
    destroy: async (stack) => (await stack.destroy()).summary.resourceChanges,
};

async function main(): Promise<void> {
    const task = JSON.parse(await text(process.stdin)) as Task;
    const stack = await openStack({
        ...task,
        name: task.stack,
        project: "mesh-egress-bench",
        program: () => Promise.resolve(program(task.scenery)),
    });
    const start = performance.now();
    const changes = await OPERATIONS[task.operation](stack);
    const answer: Answer = {
        seconds: (performance.now() - start) / 1000,
        changes: changes ?? {},
        programMegabytes: process.resourceUsage().maxRSS / 1024,
    };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
