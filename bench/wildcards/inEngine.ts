import { Course, runCourse } from "../engine/sequence";
import { Stage } from "../engine/stage";
import type { Figure, Part } from "../part";
import { EXACT, HOSTS } from "./scale";

/** What 1,000 hosts of 100 partners take in the engine, as a wildcard each and as exact hosts. */
export const wildcardsInEngine: Part = {
    name: "wildcards-engine",
    what: "the engine's time for 100 wildcards beside the 1,000 exact hosts that they stand for",
    run: inEngine,
};

async function inEngine(tell: (line: string) => void): Promise<Figure[]> {
    const stage = await Stage.open(tell);
    const only = ["up", "no-op-preview", "destroy"] as const;
    const run = (layout: "wildcards" | "components") =>
        runCourse(stage, { layout, hosts: HOSTS, only: [...only], withoutCheckpoints: ["destroy"] }, tell);
    const [ours, exact] = [await run("wildcards"), await run("components")];
    const figure = (id: string, what: string, unit: Figure["unit"], of: (course: Course) => number): Figure => ({
        ...{ id, what, unit, better: "less" },
        ours: of(ours),
        alternatives: { [EXACT]: of(exact) },
    });
    const seconds = (step: "up" | "no-op-preview") => (course: Course) => course.steps[step]?.seconds ?? NaN;
    return [
        { ...figure("up", "up", "s", seconds("up")), goal: { at: "most", value: 40 } },
        figure("no-op-preview", "preview with nothing to do", "s", seconds("no-op-preview")),
        figure("objects", "Kubernetes objects", "count", ({ state }) => state?.objects ?? NaN),
    ];
}
