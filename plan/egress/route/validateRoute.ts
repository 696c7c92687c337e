import { AllowedCaller, callerNamespaces, validateCallers } from "../../shared/caller";
import { validateSecretName, validateServiceName } from "../../shared/names";
import { Violation } from "../../shared/violation";
import { validateCredentialCallers } from "./identity";
import { MODES, MODE_OPTIONS, ModeOption, traits } from "./modes";
import { EgressMode, EgressPort } from "./options";
import { RouteOptions, serverPort } from "./route";
import { validateAddress, validateOutsideHosts, validateTargetPort } from "./validateTarget";
import { WildcardContext, validateRouteHosts, validateWildcardContext } from "./wildcard/validateWildcardRoute";

/** What keeps arguments from being a route, as far as they are known before anything is. */
export function validateRoute(route: RouteOptions): Violation[] {
    return [
        ...validateRouteHosts(route),
        ...validateOutsideHosts("hosts", route.hosts),
        ...validateTargetPort("port", route.port),
        ...(route.ports ?? []).flatMap(({ number }, index) => validateTargetPort(`ports[${index}].number`, number)),
        ...validateCallers("allowFrom", route.allowFrom),
        ...validateUnverifiable(route),
        ...validateCredentialCallers(route),
        ...validateOptions(route),
        ...validateServerPort(route),
        ...validatePorts(route.ports ?? []),
        ...validateConnectionLife(route.maxConnectionSeconds),
        ...validateWorkloadLabels(route.workloadLabels),
        ...validateAlias(route),
    ];
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

/** What only the mesh and the gateway can say of themselves. */
export interface RouteContext extends WildcardContext {
    /** What is dialled instead of the hosts. */
    address?: string;
    outboundTrafficPolicy: string | undefined;
    plaintextPort: boolean | undefined;
    /** Namespace of the gateway; none for a route that goes past it. */
    gatewayNamespace: string | undefined;
    mountedCredentials: string[] | undefined;
    /** Name of the route's credential. */
    credential: string | undefined;
    /** Names of its callers' own credentials. */
    credentials: string[] | undefined;
}

/** What keeps a route from working, or from holding anybody back, in this mesh and at this gateway. */
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
            problem: "lets every workload call every host, so allowFrom would hold nobody back",
            expected: "a mesh with outboundTrafficPolicy REGISTRY_ONLY",
            fix: "Set the mesh's outbound traffic policy to REGISTRY_ONLY; a ServiceMesh has it",
        });
    }
    if (route.gatewayTransport === "plaintext" && !place.plaintextPort) {
        violations.push({
            path: "gatewayTransport",
            value: route.gatewayTransport,
            problem: "needs a port that this gateway does not open",
            expected: "a gateway with plaintextPort",
            fix: "Leave gatewayTransport out for the mesh's mutual TLS, or set plaintextPort: true on the EgressGateway",
        });
    }
    violations.push(...validateAddress("address", place.address, [place.gatewayNamespace]));
    const { mountedCredentials = [] } = place;
    if (place.gatewayNamespace !== undefined) {
        violations.push(...validateCallersAtGateway(route.allowFrom, place.gatewayNamespace));
    }
    const atGateway = traits(route.mode).throughGateway;
    const unmounted = credentials.find(({ name }) => !mountedCredentials.includes(name));
    if (route.credentialSource === "files" && atGateway && unmounted) {
        violations.push({
            path: "credentialSource",
            value: route.credentialSource,
            problem: `needs files that are not mounted into the gateway: it has no credential ${JSON.stringify(unmounted.name)}`,
            expected: "a gateway with this credential in mountedCredentials",
            fix: "Leave credentialSource out for SDS, or add the credential to mountedCredentials of the EgressGateway",
        });
    }
    return violations;
}

/** What the gateway's own proxies are told of a host is not for applications, and they would read it there. */
function validateCallersAtGateway(allowFrom: AllowedCaller[], gatewayNamespace: string): Violation[] {
    return allowFrom.flatMap(({ namespace }, index) =>
        namespace === gatewayNamespace
            ? [
                  {
                      path: `allowFrom[${index}].namespace`,
                      value: namespace,
                      problem:
                          "is the gateway's own, where a caller's sidecar reads the gateway's rules and goes past it",
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
 * Only the gateway can tell service accounts apart, and only over the mesh's mutual TLS; or istiod, where it gives a
 * sidecar the certificate.
 */
function validateUnverifiable(route: RouteOptions): Violation[] {
    const { mode, gatewayTransport, allowFrom } = route;
    const { throughGateway, originates } = traits(mode);
    const reason = givesByServiceAccount(route)
        ? undefined
        : !throughGateway
          ? `mode ${mode} does not go through the gateway, and nothing else asks which service account calls`
          : gatewayTransport === "plaintext"
            ? "over a plaintext transport the gateway does not learn which service account calls"
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
                            expected: "the service accounts of the workloads that call",
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
                                problem: `the list would hold nobody back: ${reason}`,
                                expected: "whole namespaces",
                                fix: throughGateway
                                    ? "Leave gatewayTransport out, or leave serviceAccounts out to allow the namespace"
                                    : "Use a mode that goes through the gateway, or leave serviceAccounts out to allow the namespace",
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
                      problem: "is more than one namespace, and a sidecar reads rules and credentials of its own only",
                      expected: "one namespace",
                      fix: "Make a route for each namespace, or use a mode that goes through the gateway",
                  },
              ]
            : [];
    return [...unverifiable, ...unnamed, ...scattered];
}

function givesByServiceAccount({ mode, credentialSource }: RouteOptions): boolean {
    return mode === "sidecarMutualTls" && credentialSource !== "files";
}

/** What a missing argument is for, and how to give it. */
const MISSING: Partial<Record<ModeOption, { problem: string; expected: string; fix: string }>> = {
    gateway: {
        problem: "is missing, and calls leave through it",
        expected: "an EgressGateway, or the facts of one",
        fix: "Pass gateway, or choose mode direct",
    },
    credential: {
        problem: "is missing, and mutual TLS needs a client certificate",
        expected: "the name of an EgressCredential",
        fix: "Pass credential: credential.secretName, or choose a mode without a client certificate",
    },
    workloadLabels: {
        problem: "is missing, and without a selector a sidecar ignores the credential and sends plaintext",
        expected: "labels of the workloads that call",
        fix: 'Set it to labels that the callers\' pods have, such as { app: "billing" }',
    },
};

/** Why an argument that another mode takes is more than useless in this one. */
const DANGERS: Partial<Record<EgressMode, Partial<Record<ModeOption, string>>>> = {
    mutualTls: {
        gatewayTransport: "would let whoever reaches the gateway's plaintext port use the client certificate",
    },
    passthrough: {
        gatewayTransport: "belongs to HTTP; here the mesh's mutual TLS is what tells the gateway who calls",
        credential: "would be TLS inside TLS: the application speaks TLS itself and shows its own certificate",
        visibility: "belongs to HTTP; a sidecar that does not hold the host does not know where its TLS goes",
    },
    direct: {
        credential: "would never be shown: the application's own request leaves as it is",
        gateway: "would be passed by: calls leave straight from the sidecar",
    },
};

function validateOptions(route: RouteOptions): Violation[] {
    const { needs, takes } = traits(route.mode);
    const given = givenOptions(route);
    // A certificate a caller is as good as one for all.
    const met = given.includes("credentials") ? [...given, "credential"] : given;
    const needed = route.credentialSource === "files" && !traits(route.mode).throughGateway;
    const missing = [...new Set([...needs, ...(needed ? (["credential", "workloadLabels"] as const) : [])])]
        .filter((option) => !met.includes(option))
        .map((option) => ({ path: option, ...MISSING[option]! }));
    const useless = given
        .filter((option) => !needs.includes(option) && !takes.includes(option))
        .map((option) => ({
            path: option,
            problem: `${DANGERS[route.mode]?.[option] ?? "means nothing"} (mode ${route.mode})`,
            expected: `no ${option}, or a mode that takes it: ${modesWith(option).join(", ")}`,
            fix: `Leave ${option} out, or choose another mode`,
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
        return [mismatch("port", port, "is the port of plain HTTP, where a TLS handshake fails", "mode http")];
    }
    if (port === 443 && route.mode === "http") {
        return [mismatch("port", port, "is the port of TLS, and mode http would send it plaintext", "mode simpleTls")];
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
                    problem: `is already ports[${first}]`,
                    expected: "each port once",
                    fix: "Remove one of the two",
                },
            ];
        }
        if (number === 443 && protocol === "http") {
            return [mismatch(`${path}.protocol`, protocol, "on port 443 would send plaintext where TLS is", "tls")];
        }
        if (number === 80 && protocol === "tls") {
            return [mismatch(`${path}.protocol`, protocol, "on port 80 meets plain HTTP", "http")];
        }
        return validatePort(`${path}.number`, number);
    });
}

function mismatch(path: string, value: string | number, problem: string, instead: string): Violation {
    return { path, value, problem, expected: "port and protocol that belong together", fix: `Use ${instead}` };
}

function validatePort(path: string, port: number): Violation[] {
    if (Number.isInteger(port) && port >= 1 && port <= 65535) {
        return [];
    }
    return [
        {
            path,
            value: port,
            problem: "is no TCP port",
            expected: "a whole number from 1 to 65535",
            fix: "Leave it out for the default",
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
            problem: "does not bound the life of a connection, so a rotated certificate could stay in use for ever",
            expected: "a whole number of seconds from 1",
            fix: "Leave it out for the default",
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
            problem: "the selector is empty, and Istio takes a rule with one as a rule without",
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
                problem: `would stand for ${hosts.length} hosts, and an ExternalName service has one`,
                expected: "one host",
                fix: "Make a route for the host that the service stands for",
            },
        ];
    }
    return validateServiceName("serviceName", serviceName, "a service");
}
