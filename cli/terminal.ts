import { createColors } from "picocolors";

/** What a command reads from and writes to, so that tests can give it something else than this process. */
export interface Terminal {
    out: (text: string) => void;
    err: (text: string) => void;
    /** All of standard input. */
    readInput: () => Promise<string>;
    /** Whether somebody types at standard input, so that nothing would ever arrive there. */
    inputIsTerminal: boolean;
    colors: ReturnType<typeof createColors>;
    /** Number of columns for help texts. */
    columns: number;
}

/** The terminal of this process. Colours only where standard output is a terminal and `NO_COLOR` is not set. */
export function processTerminal(): Terminal {
    const { stdin, stdout, stderr, env } = process;
    return {
        out: (text) => void stdout.write(`${text}\n`),
        err: (text) => void stderr.write(`${text}\n`),
        readInput: async () => {
            const chunks: Buffer[] = [];
            for await (const chunk of stdin) {
                chunks.push(Buffer.from(chunk as Uint8Array));
            }
            return Buffer.concat(chunks).toString("utf8");
        },
        inputIsTerminal: stdin.isTTY,
        // `isTTY` is undefined without a terminal. The library would then ask the environment, and use colors in a CI job.
        colors: createColors(stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"),
        columns: Math.min(stdout.columns ?? 100, 120),
    };
}
