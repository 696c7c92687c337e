import { Load } from "../cluster/fortio";
import { Figure } from "../part";
import { labTime } from "./processorTime";
import { Choice } from "./choices";
import { Kind, DataPathSetup, through } from "./setup";
import { settledBy } from "./settled";
import { ROUNDS } from "./turns";

/** How a kind of load is judged: full loads by their rate, a given rate by the processor time that a call takes. */
const JUDGED: Partial<Record<Kind, { what: string; unit: Figure["unit"]; better: Figure["better"] }>> = {
    keepAlive: { what: "full load with keep-alive", unit: "req/s", better: "more" },
    fresh: { what: "full load without keep-alive", unit: "req/s", better: "more" },
    at1000: { what: "processor time of the whole lab a call, at 1,000/s with keep-alive", unit: "ms", better: "less" },
};

/** What a default is worth: both choices in turns, the middle one of each side's rounds. */
export async function compareChoice(
    setup: DataPathSetup,
    choice: Choice,
    tell: (line: string) => void,
): Promise<Figure[]> {
    const found = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
        for (const isDefault of [true, false]) {
            const { setup: caller, server } = await choice.set(setup, isDefault);
            for (const kind of choice.kinds) {
                const value = await judged(kind, through(caller, server, kind), tell);
                const key = `${kind} ${isDefault}`;
                found.set(
                    key,
                    [...(found.get(key) ?? []), value].sort((a, b) => a - b),
                );
            }
        }
    }
    await choice.set(setup, true);
    return choice.kinds.map((kind): Figure => {
        const { what, unit, better } = JUDGED[kind]!;
        const [ours, other] = [true, false].map((isDefault) => found.get(`${kind} ${isDefault}`)!);
        const spread = (values: number[]) => `${rounded(values[0])} to ${rounded(values[ROUNDS - 1])}`;
        tell(`${choice.what}, ${what}: ${choice.default} ${spread(ours)}, ${choice.other} ${spread(other)}`);
        return {
            id: `${choice.id}.${kind}`,
            what: `${choice.what}: ${choice.default}; ${what}`,
            ...{ unit, better },
            ours: middle(ours),
            alternatives: { [choice.other]: middle(other) },
            note: `${ROUNDS} rounds: ${spread(ours)} against ${spread(other)}`,
        };
    });
}

async function judged(kind: Kind, call: () => Promise<Load>, tell: (line: string) => void): Promise<number> {
    return settledBy(async () => {
        const before = labTime();
        const { rate, calls } = await call();
        return JUDGED[kind]!.unit === "ms" ? (1000 * (labTime() - before)) / calls : rate;
    }, tell);
}

const middle = (values: number[]) => values[Math.floor(ROUNDS / 2)];

const rounded = (value: number) => (value < 10 ? value.toFixed(3) : value.toFixed(0));
