import { Fields, fields, has, list, texts } from "../fields";
import { Refuse } from "./refusal";

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const FQDN = /^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)*(?!\d+\.?$)[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.?$/i;
const PROTOCOLS = "TCP UDP GRPC GRPC-WEB HTTP HTTP_PROXY HTTP2 HTTPS TLS MONGO REDIS MYSQL".split(" ");

export function isDnsLabel(value: string): boolean {
    return value.length <= 63 && LABEL.test(value);
}

/** A name without a wildcard. A last dot is taken, a top-level domain of digits is not: that is an address. */
export function isFqdn(host: string): boolean {
    return host.length <= 255 && FQDN.test(host);
}

/** A name, or one whose first part is a wildcard. */
export function isWildcardDomain(host: string): boolean {
    return host === "*" || isFqdn(host.startsWith("*.") ? host.slice(2) : host.startsWith("*-") ? host.slice(2) : host);
}

export function isAddress(value: string): boolean {
    return /^\d{1,3}(\.\d{1,3}){3}$/.test(value) || (value.includes(":") && /^[0-9a-fA-F:.]+$/.test(value));
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
    if (value !== undefined && typeof value !== "symbol" && !isPort(value)) {
        refuse(path, "is not a port", "a whole number from 1 to 65535, without quotes", "Correct the port", value);
    }
}

/** Lists that are written as something else. */
export function notLists(spec: Fields, names: string[], refuse: Refuse): void {
    for (const name of names) {
        if (has(spec, name) && !Array.isArray(spec[name]) && typeof spec[name] !== "symbol") {
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
