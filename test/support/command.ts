import { createColors } from "picocolors";
import { CommandContext } from "../../cli/context";
import { ProgramResult } from "../../cli/input/runProgram";
import { run } from "../../cli/run";

/** What a command wrote, and how it ended. */
export interface CommandRun {
    code: number;
    out: string;
    err: string;
}

/** Runs `mesh-egress` in this process. */
export async function runCommand(
    args: string[],
    { stdin = "", colors = false, ...context }: { stdin?: string; colors?: boolean } & Partial<CommandContext> = {},
): Promise<CommandRun> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await run(args, {
        kubectl: () => Promise.reject(new Error("the test has no cluster")),
        openStack: () => Promise.reject(new Error("the test has no engine")),
        pulumi: () => () => Promise.reject(new Error("the test has no engine")),
        ...context,
        terminal: {
            out: (text) => void out.push(text),
            err: (text) => void err.push(text),
            readInput: () => Promise.resolve(stdin),
            inputIsTerminal: false,
            colors: createColors(colors),
            columns: 100,
        },
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
}

/** A kubectl that answers from a list of objects, as the real one answers to `get KIND -o json`. */
export function fakeKubectl(objectsByKind: Record<string, object[]>, forbidden: string[] = []) {
    const asked: string[][] = [];
    const answer = (code: number, stdout: string, stderr = ""): Promise<ProgramResult> =>
        Promise.resolve({ code, stdout, stderr });
    const kubectl = (args: string[]) => {
        asked.push(args);
        if (args.includes("api-resources")) {
            return answer(0, [...Object.keys(objectsByKind), ...forbidden].join("\n"));
        }
        const kind = args[args.indexOf("get") + 1];
        return forbidden.includes(kind)
            ? answer(1, "", `Error from server (Forbidden): ${kind} is forbidden: User "jane" cannot list resource`)
            : answer(0, JSON.stringify({ apiVersion: "v1", kind: "List", items: objectsByKind[kind] ?? [] }));
    };
    return { kubectl, asked };
}
