import type { Figure, Part } from "../part";
import { Kubectl } from "./kubectl";
import { Course, STEPS, StepId, runCourse } from "./sequence";
import { Stage } from "./stage";

const COMPONENTS = "mesh-egress";
const BARE = "bare resources";
const GUIDES = "guides' layout";
const KUBECTL = "kubectl";

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
            const seconds = kubectl
                ? await withKubectl(
                      kubectl,
                      hosts,
                      STEPS.map(({ id }) => id),
                      tell,
                  )
                : {};
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
        const seconds = kubectl ? await withKubectl(kubectl, MANY, ["first-preview", "up", "no-op-preview"], tell) : {};
        return [
            ...timeFigures(MANY, courses, seconds),
            ...withoutCheckpoints(MANY, courses),
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

/** Time with checkpoints grows with the square of the number of hosts, so only our own updates write them. */
async function many(stage: Stage, hosts: number, tell: (line: string) => void): Promise<Courses> {
    const withoutCheckpoints: StepId[] = ["up", "destroy"];
    const only: StepId[] = ["first-preview", "up", "no-op-preview", "destroy"];
    const ours = await runCourse(stage, { layout: "components", hosts, withoutCheckpoints: ["destroy"] }, tell);
    const again = await runCourse(
        stage,
        { layout: "components", hosts, only: withoutCheckpoints, withoutCheckpoints },
        tell,
    );
    return {
        [COMPONENTS]: { ...ours, without: again.without },
        [BARE]: await runCourse(stage, { layout: "bare", hosts, only, withoutCheckpoints }, tell),
    };
}

function withoutCheckpoints(hosts: number, courses: Courses): Figure[] {
    return STEPS.filter(({ id }) => courses[COMPONENTS].without[id]).map(({ id, what }) => ({
        id: `${hosts}-hosts.${id}-without-checkpoints`,
        what: `${hosts.toLocaleString("en-US")} hosts: ${what}, PULUMI_SKIP_CHECKPOINTS=true`,
        unit: "s",
        ours: round(courses[COMPONENTS].without[id]!.seconds),
        alternatives: { [BARE]: round(courses[BARE].without[id]!.seconds) },
        better: "less",
    }));
}

type Seconds = Partial<Record<StepId, number>>;

async function withKubectl(
    kubectl: Kubectl,
    hosts: number,
    only: StepId[],
    tell: (line: string) => void,
): Promise<Seconds> {
    const seconds: Seconds = {};
    for (const { id, operation, more } of STEPS.filter((step) => only.includes(step.id))) {
        seconds[id] = await kubectl.run(KUBECTL_COMMANDS[operation], hosts + more);
        tell(`${hosts} hosts, kubectl: ${id} ${seconds[id].toFixed(1)} s`);
    }
    return seconds;
}

const KUBECTL_COMMANDS = { preview: "diff", up: "apply", destroy: "delete" } as const;

function timeFigures(hosts: number, courses: Courses, kubectl: Seconds): Figure[] {
    return STEPS.filter(({ id }) => courses[COMPONENTS].steps[id]).map(({ id, what, operation }) => {
        const figureId = `${hosts}-hosts.${id}`;
        const alternatives: Record<string, number> = {};
        for (const [name, { steps }] of Object.entries(courses).filter(([of]) => of !== COMPONENTS)) {
            if (steps[id]) {
                alternatives[name] = round(steps[id].seconds);
            }
        }
        if (kubectl[id] !== undefined) {
            alternatives[`${KUBECTL} ${KUBECTL_COMMANDS[operation]}`] = round(kubectl[id]);
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
            Object.entries(courses)
                .filter(([name]) => name !== COMPONENTS)
                .map(([name, course]) => [name, round(of(course) ?? NaN)])
                .filter(([, value]) => !Number.isNaN(value)),
        ) as Record<string, number>,
        better: "less",
        goal: GOALS[`${hosts}-hosts.${id}`],
    });
    const peak = (program: string) => (course: Course) =>
        Math.max(
            ...Object.values({ ...course.without, ...course.steps }).map(
                ({ usages }) => usages[program]?.megabytes ?? 0,
            ),
        ) || undefined;
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
