import { HelmValues } from "./helmValues";

/*
 * Envoy's overload manager: near its memory limit a gateway refuses calls with 503 and keeps those that it has, instead of being killed
 * with all of them.
 */

/** The gateway chart's own limit. */
const DEFAULT_LIMIT = "1024Mi";

const MEBIBYTE = 2 ** 20;
/** What the container needs besides Envoy's heap: Istio's agent, and what Envoy has outside of it. */
const OUTSIDE_HEAP = 64 * MEBIBYTE;
/** Below this a limit leaves Envoy no room to work in, and nothing is set. */
const LEAST_HEAP = 48 * MEBIBYTE;

/** Shares of the heap's limit from which on Envoy does something about it. */
const ACTIONS = { shrink_heap: 0.85, disable_http_keepalive: 0.9, stop_accepting_requests: 0.95 };

const MONITOR = "envoy.resource_monitors.fixed_heap";
const ANNOTATION = "mesh-egress/overload";
const FOLDER = "/etc/mesh-egress/overload";
const FILE = "overload.json";
const VOLUME = "overload";

/** Values of the gateway chart that set the overload manager; empty where there is no limit that it could be set by. */
export function overloadValues(resources: unknown): {
    annotations: Record<string, string>;
    env: Record<string, string>;
    volumes: HelmValues[];
    volumeMounts: HelmValues[];
} {
    const heap = heapLimit(memoryLimit(resources));
    if (heap === undefined) {
        return { annotations: {}, env: {}, volumes: [], volumeMounts: [] };
    }
    return {
        annotations: { [ANNOTATION]: JSON.stringify(overloadManager(heap)) },
        // Istio's agent gives Envoy this file on top of its own.
        env: { ISTIO_BOOTSTRAP_OVERRIDE: `${FOLDER}/${FILE}` },
        // From the pod's own annotation, so that a change replaces the pods.
        volumes: [
            {
                name: VOLUME,
                downwardAPI: {
                    items: [{ path: FILE, fieldRef: { fieldPath: `metadata.annotations['${ANNOTATION}']` } }],
                },
            },
        ],
        volumeMounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: true }],
    };
}

/** The part of Envoy's bootstrap for a heap of so many bytes. */
function overloadManager(maxBytes: number) {
    return {
        overload_manager: {
            refresh_interval: "0.25s",
            resource_monitors: [
                {
                    name: MONITOR,
                    typed_config: {
                        "@type": "type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
                        max_heap_size_bytes: maxBytes,
                    },
                },
            ],
            actions: Object.entries(ACTIONS).map(([name, value]) => ({
                name: `envoy.overload_actions.${name}`,
                triggers: [{ name: MONITOR, threshold: { value } }],
            })),
        },
    };
}

function memoryLimit(resources: unknown): string | number | undefined {
    const { limits } = (resources ?? {}) as { limits?: { memory?: string | number | null } };
    const memory = limits?.memory === undefined ? DEFAULT_LIMIT : limits.memory;
    return memory ?? undefined;
}

/** Bytes that Envoy's heap may have under a memory limit of the container, if that can be told. */
export function heapLimit(limit: string | number | undefined): number | undefined {
    const bytes = limit === undefined ? undefined : bytesOf(limit);
    const heap = bytes === undefined ? 0 : Math.floor(bytes - Math.max(OUTSIDE_HEAP, bytes / 10));
    return heap < LEAST_HEAP ? undefined : heap;
}

const FACTORS: Record<string, number> = {
    ...{ "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
    ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** A quantity of memory as Kubernetes writes it. */
function bytesOf(quantity: string | number): number | undefined {
    const [, digits, suffix] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(String(quantity)) ?? [];
    return digits === undefined ? undefined : Number(digits) * FACTORS[suffix ?? ""];
}
