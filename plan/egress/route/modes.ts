import { EgressMode, EgressRouteOptions } from "./options";

/** Arguments of a route that a mode may need or take; those that every mode has are left out. */
export type ModeOption =
    | "gateway"
    | "mesh"
    | "credential"
    | "credentials"
    | Exclude<keyof EgressRouteOptions, "mode" | "hosts" | "allowFrom" | "sharedDomain">;

export interface ModeTraits {
    /** Whether calls leave through the gateway, which knows and checks who calls. */
    throughGateway: boolean;
    /** The TLS that a proxy originates; none where it forwards what the application sends. */
    originates?: "MUTUAL" | "SIMPLE";
    needs: readonly ModeOption[];
    takes: readonly ModeOption[];
}

/** What follows from each mode; what it means is said where it is declared. */
export const MODES = {
    mutualTls: {
        throughGateway: true,
        originates: "MUTUAL",
        needs: ["gateway", "credential"],
        takes: ["credentials", "credentialSource", "port", "maxConnectionSeconds", "visibility"],
    },
    simpleTls: {
        throughGateway: true,
        originates: "SIMPLE",
        needs: ["gateway"],
        takes: ["credential", "credentialSource", "port", "maxConnectionSeconds", "visibility", "gatewayTransport"],
    },
    http: {
        throughGateway: true,
        needs: ["gateway"],
        takes: ["port", "visibility", "gatewayTransport"],
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

/** Arguments that only some modes have a use for. */
export const MODE_OPTIONS: ModeOption[] = [
    ...new Set(Object.values<ModeTraits>(MODES).flatMap(({ needs, takes }) => [...needs, ...takes])),
];
