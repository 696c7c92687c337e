import { UpResult } from "@pulumi/pulumi/automation";
import { messageOf } from "../../lab/errors";
import { AnyObject, waitFor } from "../../lab/proof/cluster";
import { GATEWAY_OBJECTS, GatewayObject, nameOf, reference } from "../stage/gatewayObjects";
import { Stage } from "../stage/stage";
import { beginning } from "../beginning";
import { Scenario } from "../scenario";

/*
 * People: two at one stack, and two stacks on one cluster.
 */

export const twoUpdates: Scenario = {
    name: "two-updates",
    what: "`pulumi up` is run twice at the same time for one stack, and each run adds a host",
    promised: { text: "one of them waits or fails with a clear message; nothing is overwritten; 0 failed calls" },
    run: async (stage) => {
        let messages: string[] = [];
        const hosts: Record<string, string> = {};
        const { ours } = await stage.underLoad(async () => {
            const updates = await Promise.all(ADDED_HOSTS.map((host) => stage.sameStack({ moreHosts: [host] })));
            const ended = await Promise.allSettled(updates.map((one) => one.up()));
            messages = ended.flatMap((one) => (one.status === "rejected" ? [lockMessage(messageOf(one.reason))] : []));
            if (messages.length > 1) {
                throw new Error(`both failed: ${messages.join("; ")}`);
            }
            const made = ADDED_HOSTS.filter((_, index) => ended[index].status === "fulfilled");
            await waitFor("a host of an update that succeeded", 30, async () => {
                const answers = await Promise.all(ADDED_HOSTS.map((host) => stage.status(host)));
                ADDED_HOSTS.forEach((host, index) => (hosts[host] = String(answers[index])));
                return made.some((host) => hosts[host] === "200");
            });
            const refused = ADDED_HOSTS.find((host) => !made.includes(host));
            if (refused !== undefined && hosts[refused] === "200") {
                throw new Error(`${refused} answers, although its update was refused`);
            }
            await stage.stack.up();
            assertUnchanged(await stage.stack.up());
        });
        const [message] = messages;
        return {
            ours,
            findings: { "the other update": message ?? "waited and succeeded", ...hosts },
            missed: message === undefined || LOCKED.test(message) ? [] : [`it does not say why: ${message}`],
        };
    },
};

const ADDED_HOSTS = ["one.more.example", "other.more.example"];

interface Content extends AnyObject {
    spec?: unknown;
    data?: unknown;
}

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
            const changed = GATEWAY_OBJECTS.filter((_, index) => before[index] !== after[index]);
            if (changed.length > 0) {
                throw new Error(`the first stack's were changed: ${changed.map(nameOf).join(", ")}`);
            }
            assertUnchanged(await stage.stack.up({ refresh: true }));
        });
        return {
            ours,
            findings: { "the second stack": message },
            missed: CLAIMED.test(message) ? [] : [`it does not say why: ${message}`],
        };
    },
};

/** Fails where the stack's next update had something to do. */
function assertUnchanged({ summary }: UpResult): void {
    const { same, ...changed } = summary.resourceChanges ?? {};
    if (same === undefined || Object.keys(changed).length > 0) {
        throw new Error(`the stack's next update changed ${JSON.stringify(changed)}`);
    }
}

/** What tells whether an object is still the same one with the same content, of one of each kind. Never to be shown: one is a Secret. */
async function identities({ cluster }: Stage): Promise<string[]> {
    const read = async (one: GatewayObject) => {
        const { metadata, spec, data } = await cluster.objects.read<Content>(reference(one));
        return JSON.stringify([metadata?.uid, spec, data]);
    };
    return Promise.all(GATEWAY_OBJECTS.map(read));
}

function refusal(text: string): string {
    const lines = text.split("\n").filter((line) => CLAIMED.test(line));
    return beginning(lines[0] ?? text.split("\n").find((line) => line.includes("error")) ?? text, 200);
}
