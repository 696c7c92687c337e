import { messageOf } from "../../lab/errors";
import { GATEWAY_OBJECTS, GatewayObject, reference } from "../stage/gatewayObjects";
import { Stage } from "../stage/stage";
import { beginning } from "../beginning";
import { Scenario } from "../scenario";

/*
 * People: two at one stack, and two stacks on one cluster.
 */

export const twoUpdates: Scenario = {
    name: "two-updates",
    what: "two `pulumi up` of one stack at once",
    promised: { text: "one of them waits or fails with a clear message; nothing is overwritten; 0 failed calls" },
    run: async (stage) => {
        let messages: string[] = [];
        const { ours } = await stage.underLoad(async () => {
            const ended = await Promise.allSettled([stage.stack.up(), stage.stack.up()]);
            messages = ended.flatMap((one) => (one.status === "rejected" ? [lockMessage(messageOf(one.reason))] : []));
            if (messages.length > 1) {
                throw new Error(`both failed: ${messages.join("; ")}`);
            }
            const { summary } = await stage.stack.up();
            const { same, ...changed } = summary.resourceChanges ?? {};
            if (same === undefined || Object.keys(changed).length > 0) {
                throw new Error(`the next update changed ${JSON.stringify(changed)}`);
            }
        });
        const [message] = messages;
        return {
            ours,
            findings: { "the other update": message ?? "waited and succeeded" },
            missed: message === undefined || LOCKED.test(message) ? [] : [`it does not say why: ${message}`],
        };
    },
};

const LOCKED = /[^\n]*(locked|lock file|conflict)[^\n]*/i;

function lockMessage(text: string): string {
    return beginning(LOCKED.exec(text)?.[0] ?? text.split("\n")[0], 160);
}

const CLAIMED = /already exists|exists already|in use|conflict|another stack/i;

export const secondStack: Scenario = {
    name: "second-stack",
    what: "a second stack on the same cluster claims everything that the first has, fails, and is destroyed",
    promised: { text: "it fails with a clear message; nothing is overwritten or deleted; 0 failed calls" },
    run: async (stage) => {
        let message = "";
        const { ours } = await stage.underLoad(async () => {
            const before = await identities(stage);
            const second = await stage.secondStack();
            try {
                message = await second.up().then(
                    () => "",
                    (error: unknown) => refusal(messageOf(error)),
                );
            } finally {
                await second.destroy();
                await second.workspace.removeStack(second.name);
            }
            if (message === "") {
                throw new Error("the second stack was made");
            }
            const after = await identities(stage);
            if (before.join() !== after.join()) {
                throw new Error(`objects of the first stack were changed: ${before.join()} are ${after.join()}`);
            }
            const { summary } = await stage.stack.up({ refresh: true });
            const { same, ...changed } = summary.resourceChanges ?? {};
            if (same === undefined || Object.keys(changed).length > 0) {
                throw new Error(`the first stack's next update changed ${JSON.stringify(changed)}`);
            }
        });
        return {
            ours,
            findings: { "the second stack": message },
            missed: CLAIMED.test(message) ? [] : [`it does not say why: ${message}`],
        };
    },
};

/** What tells whether an object is still the same one, of one of each kind. */
async function identities({ cluster }: Stage): Promise<string[]> {
    const read = async (one: GatewayObject) => {
        const { metadata } = await cluster.objects.read(reference(one));
        return `${one.kind} ${metadata?.uid}`;
    };
    return Promise.all(GATEWAY_OBJECTS.map(read));
}

function refusal(text: string): string {
    const lines = text.split("\n").filter((line) => CLAIMED.test(line));
    return beginning(lines[0] ?? text.split("\n").find((line) => line.includes("error")) ?? text, 200);
}
