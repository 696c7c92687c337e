import { text } from "node:stream/consumers";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { type EngineChoice, openStack, type PluginChoice } from "../lab/engine";

/** One operation of one stack, in a process of its own as a user has it. */
export interface Task<S> {
    operation: "preview" | "up" | "destroy";
    stack: string;
    engine: EngineChoice;
    plugins: PluginChoice[];
    stateDir: string;
    passphrase: string;
    input: S;
    /** Further environment variables of the engine. */
    env?: Record<string, string>;
    /** Whether to follow each resource; that takes time too. */
    follow?: boolean;
}

/** What it took. */
export interface Answer {
    seconds: number;
    /** Resources by what was done to them. */
    changes: Record<string, number>;
    /** Peak of this process's memory. */
    programMegabytes: number;
    /** Where they were followed, in the order in which they were done. */
    resources: Followed[];
}

/** A resource, and the seconds of the operation at which the engine began and ended with it. */
export interface Followed {
    urn: string;
    from: number;
    to: number;
}

type OnEvent = ((event: EngineEvent) => void) | undefined;

const OPERATIONS: Record<
    Task<unknown>["operation"],
    (stack: Stack, onEvent: OnEvent) => Promise<Record<string, number> | undefined>
> = {
    preview: async (stack, onEvent) => (await stack.preview({ onEvent })).changeSummary,
    up: async (stack, onEvent) => (await stack.up({ onEvent })).summary.resourceChanges,
    destroy: async (stack, onEvent) => (await stack.destroy({ onEvent })).summary.resourceChanges,
};

/** The whole of such a process: reads its task from standard input, and answers on standard output. */
export function serve<S>(program: (input: S) => void): void {
    main(program).catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
    });
}

async function main<S>(program: (input: S) => void): Promise<void> {
    const task = JSON.parse(await text(process.stdin)) as Task<S>;
    const stack = await openStack({
        ...task,
        name: task.stack,
        project: PROJECT,
        program: () => Promise.resolve(program(task.input)),
    });
    const start = performance.now();
    const now = () => (performance.now() - start) / 1000;
    const resources: Followed[] = [];
    const changes = await OPERATIONS[task.operation](stack, task.follow ? follow(resources, now) : undefined);
    const answer: Answer = {
        seconds: now(),
        changes: changes ?? {},
        programMegabytes: process.resourceUsage().maxRSS / 1024,
        resources,
    };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function follow(resources: Followed[], now: () => number): OnEvent {
    const begun = new Map<string, number>();
    return ({ resourcePreEvent, resOutputsEvent }) => {
        if (resourcePreEvent) {
            begun.set(resourcePreEvent.metadata.urn, now());
        }
        const urn = resOutputsEvent?.metadata.urn;
        if (urn) {
            resources.push({ urn, from: begun.get(urn) ?? now(), to: now() });
        }
    };
}

/** The stacks' project, whose name is in the path of their states. */
export const PROJECT = "mesh-egress-bench";

/** What such a process has answered, as the last line of what it printed. */
export function answerIn(stdout: string): Answer {
    return JSON.parse(stdout.trim().split("\n").at(-1) as string) as Answer;
}
