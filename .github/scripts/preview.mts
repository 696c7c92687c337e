import { readFileSync } from "node:fs";

/*
 * What a workflow asks of the output of "pulumi preview --json":
 *   changes FILE      how many resources would change
 *   diagnostics FILE  what the engine had to say
 */

interface Preview {
    changeSummary?: Record<string, number>;
    diagnostics?: { message?: string }[];
}

const [question, file] = process.argv.slice(2);
const text = readFileSync(file, "utf8");

if (question === "changes") {
    const { changeSummary } = JSON.parse(text) as Preview;
    if (changeSummary === undefined) {
        throw new Error(`${file} has no changeSummary, so it is not the output of a preview that succeeded.`);
    }
    const changes = Object.entries(changeSummary).filter(([operation]) => !["same", "read"].includes(operation));
    console.log(changes.reduce((sum, [, count]) => sum + count, 0));
} else if (question === "diagnostics") {
    console.log(diagnostics());
} else {
    throw new Error(`"${question}" is no question; expected changes or diagnostics.`);
}

function diagnostics(): string {
    try {
        return ((JSON.parse(text) as Preview).diagnostics ?? []).map(({ message = "" }) => message.trim()).join("\n");
    } catch {
        return text;
    }
}
