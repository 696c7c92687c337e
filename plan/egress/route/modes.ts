/** How calls leave the mesh, and who speaks TLS to the partner. */
export type EgressMode = keyof typeof MODES;

/** Arguments that only some modes have a use for. */
export type ModeOption =
    | "gateway"
    | "mesh"
    | "credential"
    | "credentials"
    | "credentialSource"
    | "port"
    | "ports"
    | "maxConnectionSeconds"
    | "visibility"
    | "gatewayTransport"
    | "workloadLabels"
    | "serviceName";

export interface ModeTraits {
    /** Whether calls leave through the gateway, which knows and checks who calls. */
    throughGateway: boolean;
    /** The TLS that a proxy originates; none where it forwards what the application sends. */
    originates?: "MUTUAL" | "SIMPLE";
    needs: readonly ModeOption[];
    takes: readonly ModeOption[];
}

export const MODES = {
    /** The gateway originates mutual TLS. */
    mutualTls: {
        throughGateway: true,
        originates: "MUTUAL",
        needs: ["gateway", "credential"],
        takes: ["credentials", "credentialSource", "port", "maxConnectionSeconds", "visibility"],
    },
    /** The gateway originates TLS and shows no certificate. */
    simpleTls: {
        throughGateway: true,
        originates: "SIMPLE",
        needs: ["gateway"],
        takes: ["credential", "credentialSource", "port", "maxConnectionSeconds", "visibility", "gatewayTransport"],
    },
    /** Plain HTTP from the gateway on, for partners that have nothing else. */
    http: {
        throughGateway: true,
        needs: ["gateway"],
        takes: ["port", "visibility", "gatewayTransport"],
    },
    /** The application's own TLS, through the gateway untouched. */
    passthrough: {
        throughGateway: true,
        needs: ["gateway"],
        takes: ["port"],
    },
    /** The application's sidecar originates mutual TLS. */
    sidecarMutualTls: {
        throughGateway: false,
        originates: "MUTUAL",
        needs: ["credential", "workloadLabels"],
        takes: ["mesh", "credentialSource", "port", "maxConnectionSeconds"],
    },
    /** The application's sidecar originates TLS and shows no certificate. */
    sidecarSimpleTls: {
        throughGateway: false,
        originates: "SIMPLE",
        needs: [],
        takes: ["mesh", "credential", "credentialSource", "workloadLabels", "port", "maxConnectionSeconds"],
    },
    /** Straight from the sidecar, as the application sends it. */
    direct: {
        throughGateway: false,
        needs: [],
        takes: ["mesh", "ports", "serviceName"],
    },
} as const satisfies Record<string, ModeTraits>;

export function traits(mode: EgressMode): ModeTraits {
    return MODES[mode];
}
