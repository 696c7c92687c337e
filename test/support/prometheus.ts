import { machine } from "./machine";
import { MetricsSource, Prometheus, runPrometheus } from "./runPrometheus";

/** A real Prometheus that reads the source, or skips the tests of the suite that asks. */
export async function startPrometheus(context: Mocha.Context, source: MetricsSource): Promise<Prometheus> {
    const { path } = await machine.tool(context, "prometheus");
    return runPrometheus(path, source);
}
