import { Violation } from "../../plan/shared/violation";
import { Fields, fields, has, list, text, texts } from "../fields";
import { covers } from "../hosts";
import { Validator, refuseIf, refused } from "./refusal";
import { badExportTo, badPort, isAddress, isDnsLabel, isWildcardDomain, notLists } from "./values";

const KINDS = ["http", "tls", "tcp"];

export const validateVirtualService: Validator = (spec, namespace) => {
    const hosts = texts(spec.hosts);
    const gateways = texts(spec.gateways);
    const isDelegate = !has(spec, "hosts") || (Array.isArray(spec.hosts) && spec.hosts.length === 0);
    const isForMesh = gateways.length === 0 || gateways.includes("mesh");
    return [
        ...notLists(spec, ["hosts", "gateways", "exportTo", ...KINDS]),
        ...refuseIf(
            KINDS.every((kind) => !has(spec, kind) || (Array.isArray(spec[kind]) && list(spec[kind]).length === 0)),
            () => refused("spec", "has no route", "http, tls or tcp", "Add a route"),
        ),
        ...(isDelegate ? delegated(spec) : []),
        ...hosts.flatMap((host, index) => [
            ...refuseIf(!isWildcardDomain(host) && !isAddress(host), () =>
                refused(
                    `spec.hosts[${index}]`,
                    "is not a host",
                    "a host's name, without scheme or port",
                    "Write the host's name",
                    host,
                ),
            ),
            ...refuseIf(host === "*" && isForMesh, () =>
                refused(
                    `spec.hosts[${index}]`,
                    "matches every host of the mesh",
                    "hosts by name, or gateways without mesh",
                    "List the hosts",
                    host,
                ),
            ),
        ]),
        ...doubleHost(hosts),
        ...list(spec.http).flatMap((value, index) => httpRoute(`spec.http[${index}]`, fields(value), isDelegate)),
        ...list(spec.tls).flatMap((value, index) => tlsRoute(`spec.tls[${index}]`, fields(value), hosts)),
        ...list(spec.tcp).flatMap((value, index) => l4Route(`spec.tcp[${index}]`, fields(value))),
        ...badExportTo(spec, namespace, false),
    ];
};

function delegated(spec: Fields): readonly Violation[] {
    return ["gateways", "tls", "tcp"].flatMap((name) =>
        refuseIf(list(spec[name]).length > 0, () =>
            refused(
                `spec.${name}`,
                "is set in a VirtualService without hosts",
                "hosts, or for a delegate http routes only",
                "Add the hosts",
            ),
        ),
    );
}

/** Looks at the first few: a service with very many hosts is compared by the webhook. */
function doubleHost(hosts: string[]): readonly Violation[] {
    const seen = new Set<string>();
    const wildcards = hosts.filter((host) => host.startsWith("*"));
    return hosts.flatMap((host, index) => {
        const isTwice = seen.has(host) || wildcards.some((wildcard) => wildcard !== host && covers(wildcard, host));
        seen.add(host);
        return refuseIf(isTwice, () =>
            refused(
                `spec.hosts[${index}]`,
                "is covered by another host of the same VirtualService",
                "each host once",
                "Remove one of the two",
                host,
            ),
        );
    });
}

function httpRoute(path: string, route: Fields, isDelegate: boolean): readonly Violation[] {
    const answers = ["redirect", "directResponse"].filter((name) => has(route, name));
    const hasRoute = list(route.route).length > 0;
    const isRoot = has(route, "delegate");
    return [
        ...refuseIf(isRoot && (hasRoute || has(route, "redirect")), () =>
            refused(
                path,
                "has both a delegate and a destination of its own",
                "one of the two",
                "Remove route, or delegate",
            ),
        ),
        ...refuseIf(isRoot && isDelegate, () =>
            refused(path, "delegates although it is itself a delegate", "one level of delegation", "Remove delegate"),
        ),
        ...refuseIf(
            !isRoot && !hasRoute && answers.length === 0 && !(has(route, "route") && !Array.isArray(route.route)),
            () => refused(path, "leads nowhere", "route, redirect, directResponse or delegate", "Add a route"),
        ),
        ...refuseIf(!isRoot && answers.length > 0 && (hasRoute || answers.length > 1), () =>
            refused(path, "has several of route, redirect and directResponse", "one of them", "Keep one"),
        ),
        ...matchPorts(path, route),
        ...destinations(path, route),
    ];
}

function tlsRoute(path: string, route: Fields, hosts: string[]): readonly Violation[] {
    const matches = list(route.match).map(fields);
    return [
        ...refuseIf(!has(route, "match") || (Array.isArray(route.match) && matches.length === 0), () =>
            refused(`${path}.match`, "has no condition", "a match with sniHosts", "Add sniHosts"),
        ),
        ...matches.flatMap((match, index) => [
            ...refuseIf(!has(match, "sniHosts") || (Array.isArray(match.sniHosts) && match.sniHosts.length === 0), () =>
                refused(
                    `${path}.match[${index}]`,
                    "has no sniHosts",
                    "the hosts that the client names",
                    "Add sniHosts",
                ),
            ),
            ...texts(match.sniHosts).flatMap((sni, position) =>
                refuseIf(!isAddress(sni) && !hosts.some((host) => covers(host, sni)), () =>
                    refused(
                        `${path}.match[${index}].sniHosts[${position}]`,
                        "is not one of the VirtualService's hosts",
                        "a host of spec.hosts, or one that a wildcard there covers",
                        "Add it to hosts",
                        sni,
                    ),
                ),
            ),
        ]),
        ...l4Route(path, route),
    ];
}

function l4Route(path: string, route: Fields): readonly Violation[] {
    return [
        ...refuseIf(!has(route, "route") || (Array.isArray(route.route) && route.route.length === 0), () =>
            refused(path, "leads nowhere", "a route with a destination", "Add a route"),
        ),
        ...matchPorts(path, route),
        ...destinations(path, route),
    ];
}

function matchPorts(path: string, route: Fields): readonly Violation[] {
    return list(route.match).flatMap((match, index) => badPort(`${path}.match[${index}].port`, fields(match).port));
}

function destinations(path: string, route: Fields): readonly Violation[] {
    const all = list(route.route).map(fields);
    const weights = all.map(({ weight }) => (typeof weight === "number" ? weight : 0));
    const isWeightless = all.length > 1 && weights.every((weight) => weight === 0);
    return [
        ...refuseIf(isWeightless && !all.some(({ weight }) => typeof weight === "symbol"), () =>
            refused(`${path}.route`, "has several destinations without weight", "weights", "Add weight to each"),
        ),
        ...all.flatMap((one, index) => {
            const at = `${path}.route[${index}].destination`;
            const destination = fields(one.destination);
            const host = text(destination.host);
            const subset = text(destination.subset);
            return [
                ...refuseIf(!has(one, "destination"), () =>
                    refused(at, "is missing", "a destination with a host", "Add destination.host"),
                ),
                ...refuseIf(host !== undefined && (host === "*" || !isWildcardDomain(host)), () =>
                    refused(
                        `${at}.host`,
                        "is not a host",
                        "a host's name, without scheme or port",
                        "Write the host's name",
                        host,
                    ),
                ),
                ...refuseIf(subset !== undefined && !isDnsLabel(subset), () =>
                    refused(
                        `${at}.subset`,
                        "is not a subset's name",
                        "letters, digits and hyphens",
                        "Rename the subset",
                        subset,
                    ),
                ),
                ...badPort(`${at}.port.number`, fields(destination.port).number),
            ];
        }),
    ];
}
