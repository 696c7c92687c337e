import { AllowedCaller, callerNamespaces, validateCallers } from "../../shared/caller";
import { validateDisguisedHosts } from "../../shared/disguisedHost";
import { validateSecretName, validateServiceName } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateCredentialCallers } from "./identity";
import { MODES, MODE_OPTIONS, ModeOption, traits } from "./modes";
import { EgressMode, EgressPort } from "./options";
import { validateRetries } from "./retries";
import { RouteOptions, serverPort } from "./route";
import { validateTimeout } from "./timeout";
import { validateAddress, validateOutsideHosts, validateShortHosts, validateTargetPort } from "./validateTarget";
import { WildcardContext, validateRouteHosts, validateWildcardContext } from "./wildcard/validateWildcardRoute";

/** Violations in the arguments of a route that are known before the update. */
export function validateRoute(route: RouteOptions): Violation[] {
    return [
        ...validateNames(route),
        ...validateTargetPort("port", route.port),
        ...(route.ports ?? []).flatMap(({ number }, index) => validateTargetPort(`ports[${index}].number`, number)),
        ...validateCallers("allowFrom", route.allowFrom),
        ...validateUnverifiable(route),
        ...validateCredentialCallers(route),
        ...validateOptions(route),
        ...validateServerPort(route),
        ...validatePorts(route.ports ?? []),
        ...validateConnectionLife(route.maxConnectionSeconds),
        ...validateTimeout(route.timeoutSeconds),
        ...validateRetries(route.retries),
        ...validateWorkloadLabels(route.workloadLabels),
        ...validateAlias(route),
    ];
}

function validateNames({ hosts, allowFrom, disguisedHosts = false, ...route }: RouteOptions): Violation[] {
    const violations = [
        ...validateRouteHosts({ hosts, allowFrom, ...route }),
        ...validateOutsideHosts("hosts", hosts),
        ...validateShortHosts("hosts", hosts, callerNamespaces(allowFrom)),
    ];
    const disguised = validateDisguisedHosts("hosts", hosts, disguisedHosts);
    return [...violations, ...disguised.filter(({ path }) => !violations.some((other) => other.path === path))];
}

/** Refuses a credential that no proxy could find under this name. */
function validateCredentialName(path: string, name: string): Violation[] {
    if (name === "") {
        return [
            {
                path,
                value: name,
                problem: "is empty, and mutual TLS needs a client certificate",
                expected: "the name of an EgressCredential",
                fix: "Pass credential: credential.secretName",
            },
        ];
    }
    return validateSecretName(path, name);
}

/** Properties of the mesh and the gateway, known only once these are. */
export interface RouteContext extends WildcardContext {
    /** Address to dial instead of the hosts. */
    address?: string;
    outboundTrafficPolicy: string | undefined;
    plaintextPort: boolean | undefined;
    /** Namespace of the gateway. Undefined for a route without a gateway. */
    gatewayNamespace: string | undefined;
    mountedCredentials: string[] | undefined;
    /** Name of the route's credential. */
    credential: string | undefined;
    /** Names of its callers' own credentials. */
    credentials: string[] | undefined;
}

/** Violations that keep a route from working or from restricting its callers, in this mesh and at this gateway. */
export function validateRouteContext(route: RouteOptions, place: RouteContext): Violation[] {
    const credentials = namedCredentials(place);
    const violations = [
        ...credentials.flatMap(({ path, name }) => validateCredentialName(path, name)),
        ...validateWildcardContext(route, place),
    ];
    if (route.mode === "direct" && place.outboundTrafficPolicy === "ALLOW_ANY") {
        violations.push({
            path: "mesh",
            value: place.outboundTrafficPolicy,
            problem: "lets every workload call every host, so allowFrom would have no effect",
            expected: "a mesh with outboundTrafficPolicy REGISTRY_ONLY",
            fix: "Set the mesh's outboundTrafficPolicy to REGISTRY_ONLY, the default of a ServiceMesh",
        });
    }
    if (route.gatewayTransport === "plaintext" && !place.plaintextPort) {
        violations.push({
            path: "gatewayTransport",
            value: route.gatewayTransport,
            problem: "needs a port that this gateway does not open",
            expected: "a gateway with plaintextPort",
            fix: "Remove gatewayTransport to use the mesh's mutual TLS, or set plaintextPort: true on the EgressGateway",
        });
    }
    violations.push(...validateAddress("address", place.address, [place.gatewayNamespace], route.disguisedHosts));
    const { mountedCredentials = [] } = place;
    if (place.gatewayNamespace !== undefined) {
        violations.push(
            ...validateShortHosts("hosts", route.hosts, [place.gatewayNamespace]),
            ...validateCallersAtGateway(route.allowFrom, place.gatewayNamespace),
        );
    }
    const atGateway = traits(route.mode).throughGateway;
    const unmounted = credentials.find(({ name }) => !mountedCredentials.includes(name));
    if (route.credentialSource === "files" && atGateway && unmounted) {
        violations.push({
            path: "credentialSource",
            value: route.credentialSource,
            problem: `needs files that the gateway does not mount: it has no credential ${JSON.stringify(unmounted.name)}`,
            expected: "a gateway with this credential in mountedCredentials",
            fix: "Remove credentialSource to use SDS, or add the credential to mountedCredentials of the EgressGateway",
        });
    }
    return violations;
}

/**
 * Refuses callers in the gateway's namespace: their sidecars would use the configuration that is meant for the gateway.
 */
function validateCallersAtGateway(allowFrom: AllowedCaller[], gatewayNamespace: string): Violation[] {
    return allowFrom.flatMap(({ namespace }, index) =>
        namespace === gatewayNamespace
            ? [
                  {
                      path: `allowFrom[${index}].namespace`,
                      value: namespace,
                      problem:
                          "is the gateway's own namespace, where a caller's sidecar would use the gateway's rules and bypass the gateway",
                      expected: "a namespace without an egress gateway",
                      fix: "Move the callers to a namespace of their own",
                  },
              ]
            : [],
    );
}

function namedCredentials({ credential, credentials = [] }: RouteContext): { path: string; name: string }[] {
    return [
        ...(credential === undefined ? [] : [{ path: "credential", name: credential }]),
        ...credentials.map((name, index) => ({ path: `credentials[${index}].credential`, name })),
    ];
}

/**
 * Refuses service accounts that nothing would check. The gateway checks them, over the mesh's mutual TLS only. istiod
 * checks them if it gives a sidecar the certificate.
 */
function validateUnverifiable(route: RouteOptions): Violation[] {
    const { mode, gatewayTransport, allowFrom } = route;
    const { throughGateway, originates } = traits(mode);
    const reason = givesByServiceAccount(route)
        ? undefined
        : !throughGateway
          ? `mode ${mode} does not use the gateway, and nothing else checks the caller's service account`
          : gatewayTransport === "plaintext"
            ? "over a plaintext transport, the gateway does not know the caller's service account"
            : undefined;
    const unnamed = !givesByServiceAccount(route)
        ? []
        : allowFrom.flatMap(({ serviceAccounts }, index): Violation[] =>
              serviceAccounts !== undefined
                  ? []
                  : [
                        {
                            path: `allowFrom[${index}].serviceAccounts`,
                            problem: "the list is missing, and Istio gives a sidecar a certificate by service account",
                            expected: "the service accounts of the callers",
                            fix: "Name them here and in the EgressCredential's workload",
                        },
                    ],
          );
    const unverifiable =
        reason === undefined
            ? []
            : allowFrom.flatMap(({ serviceAccounts }, index): Violation[] =>
                  serviceAccounts === undefined
                      ? []
                      : [
                            {
                                path: `allowFrom[${index}].serviceAccounts`,
                                problem: `the list would have no effect: ${reason}`,
                                expected: "whole namespaces",
                                fix: throughGateway
                                    ? "Remove gatewayTransport, or remove serviceAccounts to allow the whole namespace"
                                    : "Use a mode that goes through the gateway, or remove serviceAccounts to allow the whole namespace",
                            },
                        ],
              );
    const namespaces = callerNamespaces(allowFrom);
    const scattered: Violation[] =
        !throughGateway && originates && namespaces.length > 1
            ? [
                  {
                      path: "allowFrom",
                      value: namespaces.join(", "),
                      problem:
                          "are more than one namespace, but a sidecar uses only the rules and credentials of its own",
                      expected: "one namespace",
                      fix: "Create a route for each namespace, or use a mode that goes through the gateway",
                  },
              ]
            : [];
    return [...unverifiable, ...unnamed, ...scattered];
}

function givesByServiceAccount({ mode, credentialSource }: RouteOptions): boolean {
    return mode === "sidecarMutualTls" && credentialSource !== "files";
}

/** Messages for a missing argument: its purpose, and how to set it. */
const MISSING: Partial<Record<ModeOption, { problem: string; expected: string; fix: string }>> = {
    gateway: {
        problem: "is missing, but calls in this mode leave through a gateway",
        expected: "an EgressGateway, or the fields of an existing one",
        fix: "Pass gateway, or choose mode direct",
    },
    credential: {
        problem: "is missing, and mutual TLS needs a client certificate",
        expected: "the name of an EgressCredential",
        fix: "Pass credential: credential.secretName, or choose a mode without a client certificate",
    },
    workloadLabels: {
        problem: "is missing; without a selector, a sidecar ignores the credential and sends plaintext",
        expected: "labels of the callers' pods",
        fix: 'Set it to labels that the callers\' pods have, such as { app: "billing" }',
    },
};

/** Risks of an argument in a mode that does not accept it. */
const DANGERS: Partial<Record<EgressMode, Partial<Record<ModeOption, string>>>> = {
    mutualTls: {
        gatewayTransport:
            "would let unauthenticated callers of the gateway's plaintext port use the client certificate",
    },
    passthrough: {
        gatewayTransport: "applies to HTTP only; here the mesh's mutual TLS tells the gateway the caller's identity",
        credential: "would be TLS inside TLS: the application speaks TLS itself and shows its own certificate",
        visibility: "applies to HTTP only; a sidecar that does not know the host cannot route its TLS",
    },
    direct: {
        credential: "would never be used: the application's request is forwarded unchanged",
        gateway: "would not be used: calls leave directly from the sidecar",
    },
};

function validateOptions(route: RouteOptions): Violation[] {
    const { needs, takes } = traits(route.mode);
    const given = givenOptions(route);
    // `credentials` satisfies the need for `credential`.
    const met = given.includes("credentials") ? [...given, "credential"] : given;
    const needed = route.credentialSource === "files" && !traits(route.mode).throughGateway;
    const missing = [...new Set([...needs, ...(needed ? (["credential", "workloadLabels"] as const) : [])])]
        .filter((option) => !met.includes(option))
        .map((option) => ({ path: option, ...MISSING[option]! }));
    const useless = given
        .filter((option) => !needs.includes(option) && !takes.includes(option))
        .map((option) => ({
            path: option,
            problem: `${DANGERS[route.mode]?.[option] ?? "has no effect"} (mode ${route.mode})`,
            expected: `no ${option}, or a mode that accepts it: ${modesWith(option).join(", ")}`,
            fix: `Remove ${option}, or choose another mode`,
        }));
    return [...missing, ...useless];
}

function modesWith(option: ModeOption): string[] {
    return Object.entries(MODES)
        .filter(([, { needs, takes }]) => [...needs, ...takes].includes(option as never))
        .map(([mode]) => mode);
}

function givenOptions(route: RouteOptions): ModeOption[] {
    const parts: Record<string, boolean> = {
        gateway: route.hasGateway,
        mesh: route.hasMesh,
        credential: route.hasCredential,
        credentials: route.credentialCallers !== undefined,
    };
    return MODE_OPTIONS.filter((option) => parts[option] ?? route[option as keyof RouteOptions] !== undefined);
}

function validateServerPort(route: RouteOptions): Violation[] {
    const port = serverPort(route);
    const { originates } = traits(route.mode);
    if (port === 80 && originates) {
        return [mismatch("port", port, "is the standard port of plain HTTP, where a TLS handshake fails", "mode http")];
    }
    if (port === 443 && route.mode === "http") {
        return [
            mismatch(
                "port",
                port,
                "is the standard port of HTTPS, and mode http would send plaintext to it",
                "mode simpleTls",
            ),
        ];
    }
    return validatePort("port", port);
}

function validatePorts(ports: EgressPort[]): Violation[] {
    return ports.flatMap(({ number, protocol }, index) => {
        const path = `ports[${index}]`;
        const first = ports.findIndex((other) => other.number === number);
        if (first !== index) {
            return [
                {
                    path: `${path}.number`,
                    value: number,
                    problem: `is the same as ports[${first}]`,
                    expected: "each port once",
                    fix: "Remove one of the two",
                },
            ];
        }
        if (number === 443 && protocol === "http") {
            return [
                mismatch(
                    `${path}.protocol`,
                    protocol,
                    "would send plaintext to port 443, the standard port of HTTPS",
                    "tls",
                ),
            ];
        }
        if (number === 80 && protocol === "tls") {
            return [
                mismatch(
                    `${path}.protocol`,
                    protocol,
                    "would send TLS to port 80, the standard port of plain HTTP",
                    "http",
                ),
            ];
        }
        return validatePort(`${path}.number`, number);
    });
}

function mismatch(path: string, value: string | number, problem: string, instead: string): Violation {
    return { path, value, problem, expected: "a port that matches its protocol", fix: `Use ${instead}` };
}

function validatePort(path: string, port: number): Violation[] {
    if (Number.isInteger(port) && port >= 1 && port <= 65535) {
        return [];
    }
    return [
        {
            path,
            value: port,
            problem: "is not a TCP port",
            expected: "a whole number from 1 to 65535",
            fix: "Remove it to use the default",
        },
    ];
}

function validateConnectionLife(seconds: number | undefined): Violation[] {
    if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 1)) {
        return [];
    }
    return [
        {
            path: "maxConnectionSeconds",
            value: seconds,
            problem:
                "does not limit the lifetime of a connection, so a rotated certificate could stay in use indefinitely",
            expected: "a whole number of seconds, at least 1",
            fix: "Remove it to use the default",
        },
    ];
}

function validateWorkloadLabels(labels: Record<string, string> | undefined): Violation[] {
    if (labels === undefined || Object.keys(labels).length > 0) {
        return [];
    }
    return [
        {
            path: "workloadLabels",
            problem: "the selector is empty, and Istio treats such a rule as one without a selector",
            expected: "at least one label",
            fix: 'Name a label that the callers\' pods have, such as { app: "billing" }',
        },
    ];
}

function validateAlias({ serviceName, hosts }: RouteOptions): Violation[] {
    if (serviceName === undefined) {
        return [];
    }
    if (hosts.length > 1) {
        return [
            {
                path: "serviceName",
                value: serviceName,
                problem: `would stand for ${hosts.length} hosts, but an ExternalName service has exactly one`,
                expected: "one host",
                fix: "Create a separate route for the host that the service stands for",
            },
        ];
    }
    return validateServiceName("serviceName", serviceName, "a service");
}
