import { Load } from "../cluster/fortio";
import { settledBy } from "./settled";

/** Of each load; rounds take turns, so that what disturbs the machine for a while disturbs all sides. */
export const ROUNDS = 3;

export type Side = () => Promise<Load>;

/** Runs the sides in turns, and gives the middle one of each side's rounds, by its rate or its 90th percentile. */
export async function inTurns<K extends string>(
    sides: Record<K, Side>,
    by: "rate" | "p90",
    tell: (line: string) => void,
): Promise<Record<K, Load & { spread: string }>> {
    const names = Object.keys(sides) as K[];
    const all = Object.fromEntries(names.map((name) => [name, [] as Load[]])) as Record<K, Load[]>;
    for (let round = 0; round < ROUNDS; round++) {
        for (const name of names) {
            all[name].push(await settledBy(sides[name], tell));
        }
    }
    return Object.fromEntries(
        names.map((name) => {
            const sorted = all[name].sort((a, b) => a[by] - b[by]);
            const digits = by === "rate" ? 0 : 2;
            const failed = sorted.reduce((sum, one) => sum + one.failed, 0);
            const calls = sorted.reduce((sum, one) => sum + one.calls, 0);
            const spread = `${sorted[0][by].toFixed(digits)} to ${sorted[ROUNDS - 1][by].toFixed(digits)}`;
            tell(`${name}: ${by} ${spread}, ${failed} of ${calls} failed`);
            return [name, { ...sorted[Math.floor(ROUNDS / 2)], failed, calls, spread }];
        }),
    ) as Record<K, Load & { spread: string }>;
}
