import { validateLabel, validateLabels } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { MetricsScraper } from "./options";

/** Metrics ports of the pods: application and proxy merged, and Envoy alone. Neither port accepts commands. */
export const METRICS_PORTS = [15020, 15090];

export function validateScraper(path: string, { namespace, podLabels }: MetricsScraper): Violation[] {
    return [
        ...validateLabel(`${path}.namespace`, namespace, "a namespace"),
        ...(podLabels === undefined ? [] : validateLabels(`${path}.podLabels`, podLabels)),
    ];
}
