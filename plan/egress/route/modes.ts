import { EgressMode, EgressRouteOptions } from "./options";

/** Arguments of a route that only some modes need or accept. */
export type ModeOption =
    | "gateway"
    | "mesh"
    | "credential"
    | "credentials"
    | Exclude<keyof EgressRouteOptions, "mode" | "hosts" | "allowFrom" | "sharedDomain" | "disguisedHosts">;

export interface ModeTraits {
    /** Whether calls leave through the gateway, which checks the caller's identity. */
    throughGateway: boolean;
    /** TLS that a proxy originates. Undefined if it forwards the application's own traffic. */
    originates?: "MUTUAL" | "SIMPLE";
    needs: readonly ModeOption[];
    takes: readonly ModeOption[];
}

/** What can be set for single calls, which only a gateway that reads HTTP sees. */
const CALLS = ["timeoutSeconds", "retries"] as const;

/** Traits of each mode. `EgressMode` documents the modes. */
export const MODES = {
    mutualTls: {
        throughGateway: true,
        originates: "MUTUAL",
        needs: ["gateway", "credential"],
        takes: ["credentials", "credentialSource", "port", "maxConnectionSeconds", "visibility", ...CALLS],
    },
    simpleTls: {
        throughGateway: true,
        originates: "SIMPLE",
        needs: ["gateway"],
        takes: [
            ...([
                "credential",
                "credentialSource",
                "port",
                "maxConnectionSeconds",
                "visibility",
                "gatewayTransport",
            ] as const),
            ...CALLS,
        ],
    },
    http: {
        throughGateway: true,
        needs: ["gateway"],
        takes: ["port", "visibility", "gatewayTransport", ...CALLS],
    },
    passthrough: {
        throughGateway: true,
        needs: ["gateway"],
        takes: ["port"],
    },
    sidecarMutualTls: {
        throughGateway: false,
        originates: "MUTUAL",
        needs: ["credential", "workloadLabels"],
        takes: ["mesh", "credentialSource", "port", "maxConnectionSeconds"],
    },
    sidecarSimpleTls: {
        throughGateway: false,
        originates: "SIMPLE",
        needs: [],
        takes: ["mesh", "credential", "credentialSource", "workloadLabels", "port", "maxConnectionSeconds"],
    },
    direct: {
        throughGateway: false,
        needs: [],
        takes: ["mesh", "ports", "serviceName"],
    },
} as const satisfies Record<EgressMode, ModeTraits>;

export function traits(mode: EgressMode): ModeTraits {
    return MODES[mode];
}

/** Arguments that only some modes use. */
export const MODE_OPTIONS: ModeOption[] = [
    ...new Set(Object.values<ModeTraits>(MODES).flatMap(({ needs, takes }) => [...needs, ...takes])),
];
