import { command } from "../../lab/command";
import { down } from "../../lab/cluster/up";
import { type Figure, type Part } from "../part";
import { takeDownLater } from "../takeDown";

/** What is waited for, in the order in which one leads to the next. */
const WAITS = [
    { id: "lab-up", what: "lab up, everything built", goal: 60, run: () => npm("lab", "--", "up") },
    { id: "demo", what: "first demo, up to the table of proof", goal: 180, run: () => npm("demo", "--", "--offline") },
    { id: "demo-again", what: "second demo", goal: 30, run: () => npm("demo", "--", "--offline") },
    { id: "test", what: "npm test without the lab", goal: 120, run: () => npm("test", "--", "unit", "engine") },
];

const npm = (...args: string[]) => command("npm", ["run", "--silent", ...args]);

/** How long a user waits on this machine. Starts without a lab, and leaves none. */
export const lab: Part = {
    name: "lab",
    what: "How long a user waits: the lab, the demo and the tests",
    run: async (tell) => {
        takeDownLater(() => down());
        takeDownLater(() => npm("demo", "--", "--down", "--lab"));
        await npm("demo", "--", "--down", "--lab");
        const figures: Figure[] = [];
        for (const { id, what, goal, run } of WAITS) {
            const start = performance.now();
            await run();
            const ours = Math.round((performance.now() - start) / 100) / 10;
            figures.push({ id, what, unit: "s", ours, better: "less", goal: { at: "most", value: goal } });
            tell(`${what}: ${ours} s`);
        }
        return figures;
    },
};
