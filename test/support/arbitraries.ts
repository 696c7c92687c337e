import fc from "fast-check";
import { AllowedCaller } from "../../plan/shared/caller";
import { MODES, ModeOption, traits } from "../../plan/egress/route/modes";
import { EgressMode, EgressPort } from "../../plan/egress/route/options";
import { ResolvedRoute, RouteOptions } from "../../plan/egress/route/route";
import { validateDisguisedHost } from "../../plan/shared/disguisedHost";

/*
 * What users may write, as fast-check arbitraries.
 */

const letter = "abcdefghijklmnopqrstuvwxyz0123456789";
const alphanumeric = fc.constantFrom(...letter);
const inner = fc.constantFrom(...letter, "-", "-");

/** A DNS label of 1 to `max` characters, with inner hyphens. */
export function label(max = 12): fc.Arbitrary<string> {
    return fc.oneof(
        { weight: 1, arbitrary: alphanumeric },
        {
            weight: 4,
            arbitrary: fc
                .tuple(alphanumeric, fc.string({ unit: inner, maxLength: max - 2 }), alphanumeric)
                .map((parts) => parts.join("")),
        },
    );
}

/** The name of a service, which begins with a letter. */
export const serviceName: fc.Arbitrary<string> = label().filter((name) => /^[a-z]/.test(name));

/** The last label is no number, so that four of them are no IP address. */
const topLevel = fc.constantFrom("example", "com", "x-1", "xn--p1ai", "internal");

export const host: fc.Arbitrary<string> = fc
    .tuple(fc.array(label(), { minLength: 1, maxLength: 4 }), topLevel)
    .map(([labels, top]) => [...labels, top].join("."));

/** Hosts up to the length that DNS allows, with as many hyphens as fit. */
export const longHost: fc.Arbitrary<string> = fc
    .tuple(fc.array(label(63), { minLength: 1, maxLength: 6 }), topLevel)
    .map(([labels, top]) => [...labels, top].join("."))
    .filter((name) => name.length <= 253);

/** Without those that a route refuses: `a--a-a.example` is an IPv6 address in disguise. */
export const anyHost = fc
    .oneof({ weight: 4, arbitrary: host }, { weight: 1, arbitrary: longHost })
    .filter((name) => validateDisguisedHost("hosts", name).length === 0);

export const hosts = fc.uniqueArray(anyHost, { minLength: 1, maxLength: 5 });

const account = label(20);

export const caller: fc.Arbitrary<AllowedCaller> = fc.record(
    { namespace: label(20), serviceAccounts: fc.uniqueArray(account, { minLength: 1, maxLength: 3 }) },
    { requiredKeys: ["namespace"] },
);

export const callers = fc.array(caller, { minLength: 1, maxLength: 4 });

const port = fc
    .integer({ min: 1, max: 65535 })
    .filter((number) => number !== 80 && number !== 443 && (number < 15000 || number > 15099));

const routePort: fc.Arbitrary<EgressPort> = fc
    .tuple(port, fc.constantFrom("http" as const, "tls" as const, "tcp" as const))
    .map(([number, protocol]) => ({ number, protocol }));

/** Values of the arguments that only some modes take. */
const OPTIONS = {
    credentialSource: fc.constantFrom("sds" as const, "files" as const),
    port,
    ports: fc.uniqueArray(routePort, { minLength: 1, maxLength: 4, selector: ({ number }) => number }),
    maxConnectionSeconds: fc.integer({ min: 1, max: 100_000 }),
    timeoutSeconds: fc.integer({ min: 0, max: 86_400 }),
    retries: fc.integer({ min: 0, max: 10 }),
    visibility: fc.constantFrom("callers" as const, "gateway" as const),
    gatewayTransport: fc.constantFrom("mutualTls" as const, "plaintext" as const),
    workloadLabels: fc.dictionary(label(), label(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    serviceName,
};

export const MODE_NAMES = Object.keys(MODES) as EgressMode[];

/** Every route that a mode accepts. */
export function routeOptions(mode: EgressMode): fc.Arbitrary<RouteOptions> {
    const { throughGateway, originates, needs, takes } = traits(mode);
    const maybe = <K extends keyof typeof OPTIONS>(option: K): (typeof OPTIONS)[K] | fc.Arbitrary<undefined> =>
        needs.includes(option)
            ? OPTIONS[option]
            : takes.includes(option)
              ? (fc.option(OPTIONS[option] as fc.Arbitrary<unknown>, { nil: undefined }) as (typeof OPTIONS)[K])
              : fc.constant(undefined);
    const has = (option: ModeOption) =>
        needs.includes(option) ? fc.constant(true) : takes.includes(option) ? fc.boolean() : fc.constant(false);
    return fc
        .record({
            mode: fc.constant(mode),
            hosts,
            allowFrom: callers,
            hasGateway: fc.constant(throughGateway),
            hasMesh: has("mesh"),
            hasCredential: has("credential"),
            credentialSource: maybe("credentialSource"),
            port: maybe("port"),
            ports: maybe("ports"),
            maxConnectionSeconds: maybe("maxConnectionSeconds"),
            timeoutSeconds: maybe("timeoutSeconds"),
            retries: maybe("retries"),
            visibility: maybe("visibility"),
            gatewayTransport: maybe("gatewayTransport"),
            workloadLabels: maybe("workloadLabels"),
            serviceName: maybe("serviceName"),
        })
        .map((route): RouteOptions => {
            const files = route.credentialSource === "files" && !throughGateway;
            const named = mode === "sidecarMutualTls" && !files;
            const unverified = (!throughGateway && !named) || route.gatewayTransport === "plaintext";
            return {
                ...route,
                hosts: route.serviceName ? route.hosts.slice(0, 1) : route.hosts,
                allowFrom: route.allowFrom
                    .slice(0, originates && !throughGateway ? 1 : undefined)
                    .map((one) => (named ? { serviceAccounts: ["default"], ...one } : one))
                    .map((one) => (unverified ? { namespace: one.namespace } : one)),
                hasCredential: route.hasCredential || files,
                workloadLabels: route.workloadLabels ?? (files ? { app: "caller" } : undefined),
            };
        });
}

/** The same with what is known only later. */
export function resolvedRoute(mode: EgressMode): fc.Arbitrary<ResolvedRoute> {
    return fc
        .tuple(
            routeOptions(mode),
            fc.record(
                {
                    gateway: fc.record({ name: serviceName, namespace: label() }),
                    trustDomain: fc.constantFrom("cluster.local", "mesh.example"),
                    credential: label(20),
                    address: fc.oneof(host, fc.ipV4()),
                },
                { requiredKeys: ["gateway", "trustDomain", "credential"] },
            ),
        )
        .map(([shape, facts]) => ({ ...shape, ...facts }));
}

/** A route of a mode as the planner takes one with a wildcard. */
export function wildcardRoute(mode: EgressMode): fc.Arbitrary<ResolvedRoute> {
    return fc.tuple(resolvedRoute(mode), host).map(([route, domain]) => ({
        ...route,
        hosts: [`*.x.${domain}`],
        port: undefined,
        serviceName: undefined,
        address: undefined,
        ports: mode === "direct" ? [{ number: 80, protocol: "http" as const }] : undefined,
    }));
}

/** Any mode's. */
export const anyResolvedRoute = fc.constantFrom(...MODE_NAMES).chain(resolvedRoute);

/** Callers of which no two have a workload in common. */
const distinctCallers: fc.Arbitrary<AllowedCaller[]> = fc.uniqueArray(
    fc.record(
        { namespace: label(), serviceAccounts: fc.uniqueArray(label(), { minLength: 1, maxLength: 3 }) },
        { requiredKeys: ["namespace"] },
    ),
    { minLength: 1, maxLength: 4, selector: ({ namespace }) => namespace },
);

/** Every route with a certificate for each of its callers. */
export const identityRoute: fc.Arbitrary<ResolvedRoute> = fc
    .tuple(resolvedRoute("mutualTls"), distinctCallers, fc.array(label(20), { minLength: 4, maxLength: 4 }))
    .map(([route, list, names]) => ({
        ...route,
        hasCredential: false,
        credential: "",
        allowFrom: list,
        credentialCallers: list,
        credentials: names.slice(0, list.length),
    }));

/** `text` with letters in random case. */
export function inRandomCase(text: string): fc.Arbitrary<string> {
    return fc
        .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
        .map((upper) => [...text].map((one, index) => (upper[index] ? one.toUpperCase() : one)).join(""));
}
