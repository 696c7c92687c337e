import { posix } from "node:path";
import { IstioCharts } from "../components";
import { StackConfig } from "./config";

/** Way from the folder of `main`, where the engine starts plugins, to that of Pulumi.yaml. */
const ROOT = "..";

/** Settings whose folders of charts begin at the project's root, as the plugin that reads them finds these. */
export function chartFolders(config: StackConfig): StackConfig {
    const { mesh, ...rest } = config;
    return mesh?.charts === undefined ? config : { ...rest, mesh: { ...mesh, charts: fromMain(mesh.charts) } };
}

function fromMain(charts: IstioCharts): IstioCharts {
    const moved = Object.entries(charts as Record<string, string | undefined>).map(([chart, place]) => [
        chart,
        place?.startsWith(".") ? posix.join(ROOT, place) : place,
    ]);
    return Object.fromEntries(moved) as IstioCharts;
}
