import { validateLabel, validateLabels } from "../../shared/names";
import { Violation } from "../../shared/violation";

/** Pods that read the metrics of the gateway's pods, such as Prometheus. */
export interface MetricsScraper {
    /** Namespace of the pods; not a locked one. */
    namespace: string;
    /**
     * Labels of the pods. Default: all pods of the namespace.
     *
     * @example { "app.kubernetes.io/name": "prometheus" }
     */
    podLabels?: Record<string, string>;
}

/** The pods' metrics: those of application and proxy together, and those of Envoy alone. Neither port takes commands. */
export const METRICS_PORTS = [15020, 15090];

export function validateScraper(path: string, { namespace, podLabels }: MetricsScraper): Violation[] {
    return [
        ...validateLabel(`${path}.namespace`, namespace, "a namespace"),
        ...(podLabels === undefined ? [] : validateLabels(`${path}.podLabels`, podLabels)),
    ];
}
