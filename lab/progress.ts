import type { ListrTask } from "listr2";
import { Listr } from "listr2";

/** Hears the title of each step as it begins, and what a step says while it runs. */
export type OnProgress = (title: string) => void;

export interface Context {
    onProgress?: OnProgress;
}

export type LabTask = ListrTask<Context>;

/** Says what a step is doing right now. */
export type Say = (text: string) => void;

/** One line of the list that the command line shows, and one call of `onProgress` for everybody else. */
export function step(title: string, run: (say: Say) => Promise<unknown>): LabTask {
    return {
        title,
        task: async (context, task) => {
            context.onProgress?.(title);
            await run((text) => {
                task.output = text;
                context.onProgress?.(`${title}: ${text}`);
            });
        },
    };
}

/** Steps that run at the same time, at most `atOnce` of them. */
export function together(title: string, steps: LabTask[], atOnce = Infinity): LabTask {
    return {
        title,
        task: (_context, task) =>
            task.newListr(steps, { concurrent: atOnce, rendererOptions: { collapseSubtasks: false } }),
    };
}

/** Runs the steps in order; silent when somebody listens with `onProgress`, a list on the terminal when `show` is set. */
export async function run(steps: LabTask[], options: { onProgress?: OnProgress; show?: boolean } = {}): Promise<void> {
    const context = { onProgress: options.onProgress };
    if (options.show) await new Listr<Context>(steps, { concurrent: false }).run(context);
    else await new Listr<Context, "silent">(steps, { concurrent: false, renderer: "silent" }).run(context);
}
