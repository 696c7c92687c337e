import { Fields, fields, has, list, text, texts } from "../fields";
import { covers } from "../hosts";
import { Refuse, Validator } from "./refusal";
import { httpSettings } from "./httpSettings";
import {
    badExportTo,
    badLabels,
    badPort,
    isAddress,
    isDnsLabel,
    isFqdn,
    isUnknown,
    isWildcardDomain,
    notLists,
} from "./values";

const KINDS = ["http", "tls", "tcp"];

export const validateVirtualService: Validator = (spec, refuse, namespace) => {
    const hosts = texts(spec.hosts);
    const gateways = texts(spec.gateways);
    const isDelegate = !has(spec, "hosts") || (Array.isArray(spec.hosts) && spec.hosts.length === 0);
    const isForMesh = gateways.length === 0 || gateways.includes("mesh");
    notLists(spec, ["hosts", "gateways", "exportTo", ...KINDS], refuse);
    if (KINDS.every((kind) => !has(spec, kind) || (Array.isArray(spec[kind]) && list(spec[kind]).length === 0))) {
        refuse("spec", "has no route", "http, tls or tcp", "Add a route");
    }
    if (isDelegate) {
        delegated(spec, refuse);
    }
    gatewayNames("spec.gateways", gateways, refuse);
    hosts.forEach((host, index) => {
        if (!isWildcardDomain(host) && !isAddress(host) && (isForMesh || !isOfCluster(host))) {
            refuse(
                `spec.hosts[${index}]`,
                "is not a host",
                "a host's name, without scheme or port",
                "Write the host's name",
                host,
            );
        }
        if (host === "*" && isForMesh) {
            refuse(
                `spec.hosts[${index}]`,
                "matches every host of the mesh",
                "hosts by name, or gateways without mesh",
                "List the hosts",
                host,
            );
        }
    });
    doubleHost(hosts, refuse);
    list(spec.http).forEach((value, index) => {
        httpRoute(`spec.http[${index}]`, fields(value), isDelegate, refuse);
    });
    list(spec.tls).forEach((value, index) => {
        tlsRoute(`spec.tls[${index}]`, fields(value), hosts, refuse);
    });
    list(spec.tcp).forEach((value, index) => {
        l4Route(`spec.tcp[${index}]`, fields(value), refuse);
    });
    badExportTo(spec, namespace, false, refuse);
};

/** Clusters' own names, by which gateways of several clusters call each other, such as `outbound_.80_._.e2e.example`. */
function isOfCluster(host: string): boolean {
    return /^outbound_\.?\d+\.?_[^_]*_.*[a-z]/i.test(host);
}

/** `name`, `namespace/name`, or the old `name.namespace.svc.cluster.local`. */
function gatewayNames(path: string, names: string[], refuse: Refuse): void {
    names.forEach((name, index) => {
        const parts = name.split("/");
        const isName = parts.length === 1 ? isFqdn(name) : parts.length === 2 && parts.every(isDnsLabel);
        if (!isName) {
            refuse(
                `${path}[${index}]`,
                "is not the name of a Gateway",
                "name, namespace/name or mesh",
                "Write namespace/name",
                name,
            );
        }
    });
}

function delegated(spec: Fields, refuse: Refuse): void {
    ["gateways", "tls", "tcp"].forEach((name) => {
        if (list(spec[name]).length > 0) {
            refuse(
                `spec.${name}`,
                "is set in a VirtualService without hosts",
                "hosts, or for a delegate http routes only",
                "Add the hosts",
            );
        }
    });
}

/** Looks at the first few: a service with very many hosts is compared by the webhook. */
function doubleHost(hosts: string[], refuse: Refuse): void {
    const seen = new Set<string>();
    const wildcards = hosts.filter((host) => host.startsWith("*"));
    hosts.forEach((host, index) => {
        const isTwice = seen.has(host) || wildcards.some((wildcard) => wildcard !== host && covers(wildcard, host));
        seen.add(host);
        if (isTwice) {
            refuse(
                `spec.hosts[${index}]`,
                "is covered by another host of the same VirtualService",
                "each host once",
                "Remove one of the two",
                host,
            );
        }
    });
}

function httpRoute(path: string, route: Fields, isDelegate: boolean, refuse: Refuse): void {
    const answers = ["redirect", "directResponse"].filter((name) => has(route, name));
    const hasRoute = list(route.route).length > 0;
    const isRoot = has(route, "delegate");
    if (isRoot && (hasRoute || has(route, "redirect"))) {
        refuse(path, "has both a delegate and a destination of its own", "one of the two", "Remove route, or delegate");
    }
    if (isRoot && isDelegate) {
        refuse(path, "delegates although it is itself a delegate", "one level of delegation", "Remove delegate");
    }
    if (!isRoot && !hasRoute && answers.length === 0 && !(has(route, "route") && !Array.isArray(route.route))) {
        refuse(path, "leads nowhere", "route, redirect, directResponse or delegate", "Add a route");
    }
    if (!isRoot && answers.length > 0 && (hasRoute || answers.length > 1)) {
        refuse(path, "has several of route, redirect and directResponse", "one of them", "Keep one");
    }
    httpSettings(path, route, refuse);
    matchConditions(path, route, refuse);
    destinations(path, route, refuse);
}

function tlsRoute(path: string, route: Fields, hosts: string[], refuse: Refuse): void {
    const matches = list(route.match).map(fields);
    if (!has(route, "match") || (Array.isArray(route.match) && matches.length === 0)) {
        refuse(`${path}.match`, "has no condition", "a match with sniHosts", "Add sniHosts");
    }
    matches.forEach((match, index) => {
        if (!has(match, "sniHosts") || (Array.isArray(match.sniHosts) && match.sniHosts.length === 0)) {
            refuse(`${path}.match[${index}]`, "has no sniHosts", "the hosts that the client names", "Add sniHosts");
        }
        texts(match.sniHosts).forEach((sni, position) => {
            if (!isAddress(sni) && !hosts.some((host) => covers(host, sni))) {
                refuse(
                    `${path}.match[${index}].sniHosts[${position}]`,
                    "is not one of the VirtualService's hosts",
                    "a host of spec.hosts, or one that a wildcard there covers",
                    "Add it to hosts",
                    sni,
                );
            }
        });
    });
    l4Route(path, route, refuse);
}

function l4Route(path: string, route: Fields, refuse: Refuse): void {
    if (!has(route, "route") || (Array.isArray(route.route) && route.route.length === 0)) {
        refuse(path, "leads nowhere", "a route with a destination", "Add a route");
    }
    matchConditions(path, route, refuse);
    destinations(path, route, refuse);
}

function matchConditions(path: string, route: Fields, refuse: Refuse): void {
    list(route.match).forEach((match, index) => {
        const { port, gateways, sourceLabels } = fields(match);
        badPort(`${path}.match[${index}].port`, port === 0 ? undefined : port, refuse);
        badLabels(`${path}.match[${index}].sourceLabels`, sourceLabels, refuse);
        gatewayNames(`${path}.match[${index}].gateways`, texts(gateways), refuse);
    });
}

function destinations(path: string, route: Fields, refuse: Refuse): void {
    const all = list(route.route).map(fields);
    const weights = all.map(({ weight }) => (typeof weight === "number" ? weight : 0));
    const isWeightless = all.length > 1 && weights.every((weight) => weight === 0);
    if (isWeightless && !all.some(({ weight }) => isUnknown(weight))) {
        refuse(`${path}.route`, "has several destinations without weight", "weights", "Add weight to each");
    }
    all.forEach((one, index) => {
        const at = `${path}.route[${index}].destination`;
        const destination = fields(one.destination);
        const host = text(destination.host);
        const subset = text(destination.subset);
        if (!has(one, "destination")) {
            refuse(at, "is missing", "a destination with a host", "Add destination.host");
        }
        if (typeof one.destination === "object" && host === undefined && !isUnknown(destination.host)) {
            refuse(at, "has no host", "the host that calls go to", "Add host");
        }
        if (host !== undefined && (host === "*" || !isWildcardDomain(host))) {
            refuse(
                `${at}.host`,
                "is not a host",
                "a host's name, without scheme or port",
                "Write the host's name",
                host,
            );
        }
        if (subset !== undefined && !isDnsLabel(subset)) {
            refuse(
                `${at}.subset`,
                "is not a subset's name",
                "letters, digits and hyphens",
                "Rename the subset",
                subset,
            );
        }
        const port = fields(destination.port);
        badPort(`${at}.port.number`, port.number, refuse);
        if (typeof destination.port === "object" && destination.port !== null && !has(port, "number")) {
            refuse(`${at}.port`, "has no number", "port: { number: ... }", "Add number");
        }
    });
}
