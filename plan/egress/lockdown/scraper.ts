import { validateLabel, validateLabels } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { MetricsScraper } from "./options";

/** The pods' metrics: those of application and proxy together, and those of Envoy alone. Neither port takes commands. */
export const METRICS_PORTS = [15020, 15090];

export function validateScraper(path: string, { namespace, podLabels }: MetricsScraper): Violation[] {
    return [
        ...validateLabel(`${path}.namespace`, namespace, "a namespace"),
        ...(podLabels === undefined ? [] : validateLabels(`${path}.podLabels`, podLabels)),
    ];
}
