import type { Figure, Part } from "../part";
import { Kubectl } from "./kubectl";
import { Course, STEPS, StepId, runCourse } from "./sequence";
import { Stage } from "./stage";

const COMPONENTS = "mesh-egress";
const BARE = "bare resources";
const GUIDES = "guides' layout";
const KUBECTL = "kubectl";

/** With so many hosts, updates are only measured without checkpoints where the engine's cost of them is shown already. */
const MANY = 1000;

const GOALS: Partial<Record<string, Figure["goal"]>> = {
    "1000-hosts.up": { at: "most", value: 60 },
    "1000-hosts.no-op-preview": { at: "most", value: 20 },
    "1000-hosts.objects": { at: "most", value: 1.4 },
};

/** By who makes the objects; kubectl has no state, and only some of the steps. */
type Courses = Record<string, Course>;

export const engine: Part = {
    name: "engine",
    what: "Pulumi's engine with 10 and 100 hosts, ten a partner",
    run: async (tell) => {
        const { stage, kubectl } = await open(tell);
        const figures: Figure[] = [];
        for (const hosts of [10, 100]) {
            const courses = await all(stage, hosts, tell);
            const seconds = kubectl ? await withKubectl(kubectl, hosts, tell) : {};
            figures.push(...timeFigures(hosts, courses, seconds), ...sizeFigures(hosts, courses));
        }
        return figures;
    },
};

export const engineAtMany: Part = {
    name: "engine-1000",
    what: "Pulumi's engine with 1,000 hosts of 100 partners",
    run: async (tell) => {
        const { stage, kubectl } = await open(tell);
        const courses = await many(stage, MANY, tell);
        const seconds = kubectl ? await withKubectl(kubectl, MANY, tell) : {};
        return [
            ...timeFigures(MANY, courses, seconds),
            ...(await withoutCheckpoints(stage, MANY, courses, tell)),
            ...sizeFigures(MANY, courses),
        ];
    },
};

async function open(tell: (line: string) => void) {
    const stage = await Stage.open(tell);
    const kubectl = await Kubectl.find(stage);
    if (!kubectl) {
        tell("no kubectl on PATH: not measured beside it");
    }
    return { stage, kubectl };
}

async function all(stage: Stage, hosts: number, tell: (line: string) => void): Promise<Courses> {
    return {
        [COMPONENTS]: await runCourse(stage, { layout: "components", hosts }, tell),
        [BARE]: await runCourse(stage, { layout: "bare", hosts }, tell),
        [GUIDES]: await runCourse(stage, { layout: "guides", hosts }, tell),
    };
}

/** As far as time allows: an update with checkpoints takes the square of the hosts, so the guides' layout has none. */
async function many(stage: Stage, hosts: number, tell: (line: string) => void): Promise<Courses> {
    const only: StepId[] = ["first-preview", "up", "no-op-preview", "destroy"];
    return {
        [COMPONENTS]: await runCourse(stage, { layout: "components", hosts }, tell),
        [BARE]: await runCourse(stage, { layout: "bare", hosts, only, withoutCheckpoints: ["destroy"] }, tell),
        [GUIDES]: await runCourse(
            stage,
            { layout: "guides", hosts, only, withoutCheckpoints: ["up", "destroy"] },
            tell,
        ),
    };
}

async function withoutCheckpoints(
    stage: Stage,
    hosts: number,
    courses: Courses,
    tell: (line: string) => void,
): Promise<Figure[]> {
    const only: StepId[] = ["up", "destroy"];
    const ours = await runCourse(stage, { layout: "components", hosts, only, withoutCheckpoints: only }, tell);
    const bare = await runCourse(stage, { layout: "bare", hosts, only, withoutCheckpoints: only }, tell);
    return only.map((id) => ({
        id: `${hosts}-hosts.${id}-without-checkpoints`,
        what: `${hosts.toLocaleString("en-US")} hosts: ${id}, PULUMI_SKIP_CHECKPOINTS=true`,
        unit: "s" as const,
        ours: round(ours.steps[id]!.seconds),
        alternatives: {
            [BARE]: round(bare.steps[id]!.seconds),
            [GUIDES]: round(courses[GUIDES].steps[id]!.seconds),
        },
        better: "less" as const,
    }));
}

type Seconds = Partial<Record<StepId, number>>;

async function withKubectl(kubectl: Kubectl, hosts: number, tell: (line: string) => void): Promise<Seconds> {
    const seconds: Seconds = {
        "first-preview": await kubectl.run("diff", hosts),
        up: await kubectl.run("apply", hosts),
        "no-op-preview": await kubectl.run("diff", hosts),
        "one-more-preview": await kubectl.run("diff", hosts + 1),
        "one-more-up": await kubectl.run("apply", hosts + 1),
        destroy: await kubectl.run("delete", hosts + 1),
    };
    tell(`${hosts} hosts, kubectl: ${STEPS.map(({ id }) => `${id} ${seconds[id]?.toFixed(1)} s`).join(", ")}`);
    return seconds;
}

function timeFigures(hosts: number, courses: Courses, kubectl: Seconds): Figure[] {
    return STEPS.map(({ id, what, operation }) => {
        const figureId = `${hosts}-hosts.${id}`;
        const alternatives: Record<string, number> = {};
        for (const name of [BARE, GUIDES]) {
            const seconds = courses[name].steps[id]?.seconds;
            // What ran without checkpoints is no alternative to what ran with them.
            if (seconds !== undefined && (hosts < MANY || isComparable(name, id))) {
                alternatives[name] = round(seconds);
            }
        }
        const ofKubectl = kubectl[id];
        if (ofKubectl !== undefined) {
            alternatives[`${KUBECTL} ${{ preview: "diff", up: "apply", destroy: "delete" }[operation]}`] =
                round(ofKubectl);
        }
        return {
            id: figureId,
            what: `${hosts.toLocaleString("en-US")} hosts: ${what}`,
            unit: "s",
            ours: round(courses[COMPONENTS].steps[id]!.seconds),
            alternatives,
            better: "less",
            goal: GOALS[figureId],
        };
    });
}

function isComparable(name: string, id: StepId): boolean {
    return id === "first-preview" || id === "no-op-preview" || (name === BARE && id === "up");
}

function sizeFigures(hosts: number, courses: Courses): Figure[] {
    const figure = (
        id: string,
        what: string,
        unit: Figure["unit"],
        of: (course: Course) => number | undefined,
    ): Figure => ({
        id: `${hosts}-hosts.${id}`,
        what: `${hosts.toLocaleString("en-US")} hosts: ${what}`,
        unit,
        ours: round(of(courses[COMPONENTS]) as number),
        alternatives: Object.fromEntries(
            [BARE, GUIDES]
                .map((name) => [name, round(of(courses[name]) ?? NaN)])
                .filter(([, value]) => !Number.isNaN(value)),
        ) as Record<string, number>,
        better: "less",
        goal: GOALS[`${hosts}-hosts.${id}`],
    });
    const peak = (program: string) => (course: Course) =>
        Math.max(...Object.values(course.steps).map(({ usages }) => usages[program]?.megabytes ?? 0)) || undefined;
    return [
        figure("objects", "Kubernetes objects", "per host", ({ state }) => state && state.objects / hosts),
        figure("state", "state", "KB", ({ state }) => state?.kilobytes),
        figure("program-memory", "most memory of the program", "MB", peak("program")),
        figure("engine-memory", "most memory of the engine", "MB", peak("pulumi")),
    ];
}

function round(value: number): number {
    return Math.round(value * 100) / 100;
}
