import { isAtLeastMinor } from "../mesh/istioVersion";
import { Violation, under } from "../shared/violation";
import { CollectorOptions, collectorAddress, validateCollector } from "./collector";

/** Traces of the mesh's egress gateways. */
export interface TracingOptions {
    /**
     * The OpenTelemetry collector that takes the spans.
     *
     * @example { service: "otel-collector.monitoring.svc.cluster.local", port: 4317 }
     */
    collector: CollectorOptions;
    /** Share of their calls that gateways trace, in percent, above 0 and up to 100. Default: 1. */
    percent?: number;
}

/** Name under which the mesh knows the collector of traces. */
export const TRACING_PROVIDER = "mesh-egress-tracing";

/** Share of calls that a mesh's gateways trace, as Istio has it too. */
export const DEFAULT_TRACING_PERCENT = 1;

/** First minor version of Istio whose proxies can report a span without writing its headers into the call. */
const KEEPS_HEADERS = 30;

/** Violations in the options of traces. `versions` are the chart's version or the add-on's revision, if known. */
export function validateTracing(
    path: string,
    { collector, percent }: TracingOptions,
    versions: (string | undefined)[],
): Violation[] {
    const old = versions.find((version) => version !== undefined && isAtLeastMinor(version, KEEPS_HEADERS) === false);
    return [
        ...under(path, [...validateCollector("collector", collector), ...validatePercent("percent", percent)]),
        ...(old === undefined
            ? []
            : [
                  {
                      path,
                      value: old,
                      problem: "is too old a version of Istio: its gateways would show partners the trace of each call",
                      expected: `Istio 1.${KEEPS_HEADERS} or later`,
                      fix: "Remove tracing, or upgrade the mesh",
                  },
              ]),
    ];
}

function validatePercent(path: string, percent: number | undefined): Violation[] {
    return percent === undefined || (percent > 0 && percent <= 100)
        ? []
        : [
              {
                  path,
                  value: percent,
                  problem: "is not a share of calls that could be traced",
                  expected: "a number above 0, up to 100",
                  fix: "Correct it, or remove tracing for none",
              },
          ];
}

/** The entry of MeshConfig's `extensionProviders`. */
export function tracingProvider({ collector }: TracingOptions) {
    return { name: TRACING_PROVIDER, opentelemetry: collectorAddress(collector) };
}

/**
 * What a gateway's Telemetry says of traces. Without traces of its own it still keeps those of a mesh that traces by default from partners: the
 * proxy writes its headers after the route has removed the caller's. Older versions of Istio refuse a Telemetry that says so.
 */
export function gatewayTracing(percent: number, version: string): object[] | undefined {
    if (percent > 0) {
        const providers = [{ name: TRACING_PROVIDER }];
        return [{ providers, randomSamplingPercentage: percent, disableContextPropagation: true }];
    }
    return isAtLeastMinor(version, KEEPS_HEADERS) ? [{ disableContextPropagation: true }] : undefined;
}
