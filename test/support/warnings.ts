import * as pulumi from "@pulumi/pulumi";
import { record, run } from "./mocks";

/** What a program is warned about. */
export async function warningsOf(program: () => void): Promise<string[]> {
    const said: string[] = [];
    const recorder = await record();
    const { warn } = pulumi.log;
    const log = pulumi.log as { warn: unknown };
    log.warn = (text: string) => {
        said.push(text);
        return Promise.resolve();
    };
    try {
        await run(recorder, program);
    } finally {
        log.warn = warn;
    }
    return said;
}
