import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** Istio's own provider, which writes what MeshConfig's `accessLogFile` says. */
export const MESH_LOG_PROVIDER = "envoy";

export function validateSidecarLogs(path: string, percent: number | undefined): Violation[] {
    return percent === undefined
        ? []
        : validateWholeNumber(path, percent, "is not a percentage of calls", { least: 0, most: 100 });
}

/**
 * Has the mesh's proxies log a part of their calls; undefined where they log all of them, which needs no object. It stands in the mesh's root
 * namespace; an egress gateway has a Telemetry of its own, which goes before.
 */
export function sidecarLogs(meshNamespace: string, percent = 100): KubernetesObject | undefined {
    if (percent === 100) {
        return undefined;
    }
    const provider = { providers: [{ name: MESH_LOG_PROVIDER }] };
    return istioObject(
        "Telemetry",
        { name: "mesh-egress-sidecar-logs", namespace: meshNamespace },
        {
            accessLogging: [
                percent === 0
                    ? { ...provider, disabled: true }
                    : { ...provider, filter: { expression: sampled(percent) } },
            ],
        },
    );
}

/**
 * A CEL expression that is true for failed calls and for `percent` of the others: a request's id is a random UUID, whose first digits are
 * compared as text. A connection that is not HTTP has no id and no code, and is logged when it failed.
 */
function sampled(percent: number): string {
    const limit = Math.round((percent / 100) * 0x10000)
        .toString(16)
        .padStart(4, "0");
    return `response.code >= 400 || response.flags != 0 || request.id < '${limit}'`;
}
