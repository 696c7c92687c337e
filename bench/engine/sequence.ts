import type { Task } from "../operation";
import type { Layout } from "./program";
import type { Measurement, Stage, State } from "./stage";

/** What is done with a stack in its life, in this order. */
export const STEPS = [
    { id: "first-preview", what: "first preview", operation: "preview", more: 0 },
    { id: "up", what: "up", operation: "up", more: 0 },
    { id: "no-op-preview", what: "preview with nothing to do", operation: "preview", more: 0 },
    { id: "one-more-preview", what: "preview of one host more", operation: "preview", more: 1 },
    { id: "one-more-up", what: "up with one host more", operation: "up", more: 1 },
    { id: "destroy", what: "destroy", operation: "destroy", more: 1 },
] as const satisfies { id: string; what: string; operation: Task<unknown>["operation"]; more: number }[];

export type StepId = (typeof STEPS)[number]["id"];

export interface Course {
    /** The steps with the engine's checkpoints, as they are by default. */
    steps: Partial<Record<StepId, Measurement>>;
    /** The steps without. */
    without: Partial<Record<StepId, Measurement>>;
    /** After the first update. */
    state?: State;
}

/**
 * The engine writes the whole state twice for each object, so that it knows every object after a crash;
 * this tells it to write at the end only.
 */
const WITHOUT_CHECKPOINTS = { PULUMI_SKIP_CHECKPOINTS: "true" };

export interface Choice {
    layout: Layout;
    hosts: number;
    /** Default: all of them. */
    only?: StepId[];
    /** The steps during which the engine writes no checkpoints. Default: none. */
    withoutCheckpoints?: StepId[];
}

/** A stack from its first preview to its end. */
export async function runCourse(stage: Stage, choice: Choice, tell: (line: string) => void): Promise<Course> {
    const { layout, hosts, only, withoutCheckpoints = [] } = choice;
    const course: Course = { steps: {}, without: {} };
    for (const { id, what, operation, more } of STEPS.filter((step) => only?.includes(step.id) ?? true)) {
        const isWithout = withoutCheckpoints.includes(id);
        const measurement = await stage.run({
            operation,
            stack: layout,
            env: isWithout ? WITHOUT_CHECKPOINTS : {},
            layout,
            hosts: hosts + more,
        });
        (isWithout ? course.without : course.steps)[id] = measurement;
        if (id === "up") {
            course.state = await stage.state(layout);
        }
        const spent = Object.entries(measurement.usages).map(
            ([name, { cpuSeconds }]) => `${name} ${cpuSeconds.toFixed(1)}`,
        );
        const how = isWithout ? ", without checkpoints" : "";
        tell(
            `${hosts} hosts, ${layout}: ${what}${how}: ${measurement.seconds.toFixed(1)} s (processor seconds: ${spent.join(", ")})`,
        );
    }
    return course;
}
