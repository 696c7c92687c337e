import { KilledStack } from "../killed/killedStack";
import { chosenSeed, randomFrom } from "../random";
import { Scenario } from "../scenario";
import { HOSTS } from "../stage/places";
import { Stage } from "../stage/stage";

/*
 * `pulumi` with its engine killed by signal 9 at random moments. After each kill comes what docs/recovery.md says to type.
 */

/** What a scenario does with the stack that it kills. */
interface Kills {
    stack: KilledStack;
    /** A random moment in this share of what creating the stack takes, in milliseconds from the command's start. */
    moment: (share: number) => number;
    tell: (line: string) => void;
}

const killed = (name: string, kills: number, what: string, work: (stack: Kills) => Promise<number>): Scenario => ({
    name,
    what: `${what}, killed with signal 9 at ${kills} random moments`,
    promised: {
        text: "`mesh-egress recover` after each kill, and the first command that is not killed, converge; nothing is orphaned; no key is lost or doubled; 0 failed calls through another stack's gateway",
    },
    onlyByName: true,
    run: async (stage) => {
        const seed = chosenSeed();
        stage.tell(`CHAOS_SEED=${seed}`);
        const random = randomFrom(seed);
        const stack = await KilledStack.make(stage);
        let met = 0;
        try {
            // How long an update takes on this machine, from which the moments are drawn.
            const start = Date.now();
            await stack.up();
            const duration = Date.now() - start;
            const { ours } = await stage.withStreams(light(stage), async () => {
                met = await work({
                    stack,
                    moment: (share) => Math.round(random() * share * duration),
                    tell: stage.tell,
                });
            });
            return { ours, findings: { "kills that met a running command": met, seed } };
        } finally {
            await stack.leave();
        }
    },
});

function light({ callers: [pod] }: Stage): Parameters<Stage["withStreams"]>[0] {
    return [{ pod, streams: [{ name: "ours/get", host: HOSTS.api, method: "GET", rate: 20, keepAlive: true }] }];
}

/** The longest that each of them takes, as a share of what creating the stack does. */
const SHARES = { up: 1, rotation: 0.5, destroy: 0.6 };

/** Kills the command at one moment after the other, and recovers each time, until it ends before its moment. */
async function killInARow({ stack, moment, tell }: Kills, kills: number, what: keyof typeof SHARES): Promise<number> {
    const command = what === "destroy" ? "destroy" : "up";
    let met = 0;
    while (met < kills) {
        const after = moment(SHARES[what]);
        const isKilled = await stack.kill(command, after);
        tell(`${command} after ${after} ms: ${isKilled ? "killed" : "had ended"}`);
        if (!isKilled) {
            break;
        }
        met += 1;
        await stack.recover();
    }
    return met;
}

const CREATES = 8;
const ROTATIONS = 6;
const DESTROYS = 6;

export const killedCreate = killed("killed-create", CREATES, "`pulumi up` that creates a stack", async (kills) => {
    let met = 0;
    while (met < CREATES) {
        await kills.stack.destroy();
        await kills.stack.assertGone();
        met += await killInARow(kills, CREATES - met, "up");
        await kills.stack.up();
        await kills.stack.assertConverged();
    }
    await kills.stack.destroy();
    await kills.stack.assertGone();
    return met;
});

export const killedRotation = killed("killed-rotation", ROTATIONS, "`pulumi up` that rotates keys", async (kills) => {
    const { stack } = kills;
    let met = 0;
    for (let round = 0; met < ROTATIONS; round += 1) {
        const before = await stack.publicKey();
        await stack.rotate(`round-${round}`);
        met += await killInARow(kills, 1, "rotation");
        await stack.up();
        await stack.assertConverged();
        if ((await stack.publicKey()) === before) {
            throw new Error("the key was not rotated");
        }
    }
    return met;
});

export const killedDestroy = killed("killed-destroy", DESTROYS, "`pulumi destroy`", async (kills) => {
    let met = 0;
    while (met < DESTROYS) {
        await kills.stack.up();
        met += await killInARow(kills, DESTROYS - met, "destroy");
        await kills.stack.destroy();
        await kills.stack.assertGone();
    }
    return met;
});
