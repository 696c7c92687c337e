import { withoutKeys } from "../../plan/shared/shownValue";
import { CommandError } from "../commandError";

/** What a program printed as JSON. The parser's own message would repeat a part of it, which may be a secret. */
export function printedJson(command: string, stdout: string): unknown {
    try {
        return JSON.parse(stdout) as unknown;
    } catch {
        throw new CommandError(`${command} did not print JSON. Run it in a terminal to see what it prints.`);
    }
}

/** The refusal of JSON in another form than the program's documentation describes. */
export function otherForm(command: string): CommandError {
    return new CommandError(`${command} printed JSON of an unknown form. Run it in a terminal to see what it prints.`);
}

/** Why the engine failed: its own error among what it printed, but without keys. */
export function engineReasonIn(printed: string): string {
    return withoutKeys(/error: (.*)/.exec(printed)?.[1] ?? printed.trim().split("\n")[0]);
}

/** Why a program failed, in its own words, but without keys: programs repeat parts of what they read. */
export function reasonIn(stderr: string): string {
    const lines = stderr.trim().split("\n");
    const line = lines.find((one) => /^(error|Error)/.test(one)) ?? lines.at(-1) ?? "";
    return withoutKeys(line).slice(0, 300) || "no reason was given";
}
