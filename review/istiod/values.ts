import { isIP } from "node:net";
import { Fields, fields, has, list, text, texts } from "../fields";
import { Refuse } from "./refusal";

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const FQDN = /^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)*(?!\d+\.?$)[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.?$/i;
const WILDCARD_LABEL = /^(?:\*|(?:\*-?)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)$/i;
const PROTOCOLS = "TCP UDP GRPC GRPC-WEB HTTP HTTP_PROXY HTTP2 HTTPS TLS MONGO REDIS MYSQL".split(" ");

export function isDnsLabel(value: string): boolean {
    return value.length <= 63 && LABEL.test(value);
}

/** A name without a wildcard. A last dot is taken, a top-level domain of digits is not: that is an address. */
export function isFqdn(host: string): boolean {
    return host.length <= 255 && FQDN.test(host);
}

/** A name, or one whose first label is a wildcard or begins with one: `*`, `*.example`, `*-eu.example`, `*eu.example`. */
export function isWildcardDomain(host: string): boolean {
    if (host === "*" || isFqdn(host)) {
        return true;
    }
    const dot = host.indexOf(".");
    const first = dot < 0 ? host : host.slice(0, dot);
    const rest = dot < 0 ? "" : host.slice(dot + 1);
    const isLabel = first.length <= 63 && WILDCARD_LABEL.test(first);
    return isLabel && host.length <= 255 && (rest === "" || isFqdn(rest));
}

/** A wildcard for a part of a label, such as `*-eu.example`. */
export function isPartialWildcard(host: string): boolean {
    return host.includes("*") && host !== "*" && !host.startsWith("*.");
}

export function isAddress(value: string): boolean {
    return isIP(value) !== 0;
}

/** An address, or a range of them. */
export function isSubnet(value: string): boolean {
    const [address, length, ...more] = value.split("/");
    const family = isIP(address);
    const isLength =
        length === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
    return family !== 0 && more.length === 0 && isLength;
}

/** Whether a value is not known yet, in a preview. */
export function isUnknown(value: unknown): boolean {
    return typeof value === "symbol";
}

export function isPort(value: unknown): boolean {
    return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}

export function badProtocol(path: string, value: unknown, refuse: Refuse): void {
    if (typeof value === "string" && value !== "" && !PROTOCOLS.includes(value.toUpperCase())) {
        refuse(path, "is not a protocol of Istio", `one of ${PROTOCOLS.join(", ")}`, "Correct the protocol", value);
    }
}

export function badPort(path: string, value: unknown, refuse: Refuse): void {
    if (value !== undefined && !isUnknown(value) && !isPort(value)) {
        const by = typeof value === "string" ? "the API server" : undefined;
        refuse(path, "is not a port", "a whole number from 1 to 65535, without quotes", "Correct the port", value, by);
    }
}

/** Milliseconds of a duration as Go writes it, such as `1m30s`; undefined for any other text. */
export function milliseconds(value: string): number | undefined {
    const parts = [...value.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ms|us|ns|h|m|s)/gy)];
    const length = parts.reduce((all, [part]) => all + part.length, 0);
    return parts.length === 0 || length < value.length
        ? undefined
        : parts.reduce((all, [, amount, unit]) => all + Number(amount) * UNITS[unit], 0);
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

export function badDuration(path: string, value: unknown, refuse: Refuse): void {
    if (value === undefined || value === null || isUnknown(value)) {
        return;
    }
    const duration = typeof value === "string" ? milliseconds(value) : undefined;
    if (duration === undefined || duration < 1 || !Number.isInteger(duration)) {
        refuse(
            path,
            "is not a duration of whole milliseconds",
            "a number with its unit, of at least 1ms",
            'Write a duration such as "10s"',
            value,
        );
    }
}

/** Labels of a selector that has a wildcard, which selects nothing. */
export function badSelector(path: string, labels: unknown, refuse: Refuse): void {
    for (const [key, value] of Object.entries(fields(labels))) {
        if (key === "" || key.includes("*") || (text(value) ?? "").includes("*")) {
            refuse(
                `${path}[${JSON.stringify(key)}]`,
                "has a wildcard or an empty key, which a selector cannot have",
                "labels as the pods have them",
                "Write the label in full",
                value,
            );
        }
    }
}

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Values of labels that no object can have. */
export function badLabels(path: string, labels: unknown, refuse: Refuse): void {
    for (const [key, value] of Object.entries(fields(labels))) {
        if (typeof value === "string" && !LABEL_VALUE.test(value)) {
            refuse(
                `${path}[${JSON.stringify(key)}]`,
                "cannot be the value of a label",
                "letters, digits, hyphens, dots and underscores",
                "Correct it",
                value,
            );
        }
    }
}

/** Lists that are written as something else. */
export function notLists(spec: Fields, names: string[], refuse: Refuse): void {
    for (const name of names) {
        if (has(spec, name) && !Array.isArray(spec[name]) && !isUnknown(spec[name])) {
            refuse(`spec.${name}`, "is not a list", "a list", `Write ${name} as a list`, undefined, "the API server");
        }
    }
}

export function badExportTo(spec: Fields, namespace: string, isEntry: boolean, refuse: Refuse): void {
    const all = texts(spec.exportTo);
    const own = all.map((name) => (name === "." ? namespace : name));
    const tell = (problem: string, fix: string) =>
        refuse("spec.exportTo", problem, '["*"], ["."] or a list of namespaces', fix, all.join(", "));
    if (new Set(own).size < own.length) {
        tell("names a namespace twice", "Remove one of the two");
    }
    if (all.includes("*") && all.length > 1) {
        tell("has * and namespaces", 'Write only ["*"], or only the namespaces');
    }
    if (all.includes("~") && (all.length > 1 || !isEntry)) {
        tell("has ~, which exports to no namespace", "Remove ~");
    }
    if (own.some((name) => !["*", "~"].includes(name) && !isDnsLabel(name))) {
        tell("has an entry that is not a namespace", "Correct the name");
    }
}

export function ports(spec: Fields): Fields[] {
    return list(spec.ports).map(fields);
}
