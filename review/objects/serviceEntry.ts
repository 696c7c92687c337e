import { fields, list, number, text, textMap, texts } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface EntryPort {
    number: number;
    /** In upper case, as Istio compares it. */
    protocol: string;
    targetPort: number;
}

export interface ServiceEntry extends Viewed {
    hosts: string[];
    ports: EntryPort[];
    addresses: string[];
    /** Addresses that calls go to, sorted; the hosts themselves where there are none. */
    endpoints: string[];
    resolution: string;
    subjectAltNames: string[];
    exportTo: string[];
    /** Whether the entry asks istiod not to give it an address of its own. */
    refusesAddress: boolean;
}

/** Protocols of which a sidecar sees bytes only, and no name of a host. */
const OPAQUE = ["TCP", "MONGO", "MYSQL", "REDIS"];

export function isOpaque(protocol: string): boolean {
    return OPAQUE.includes(protocol);
}

/** Whether the application's own TLS arrives on such a port. */
export function isTls(protocol: string): boolean {
    return protocol === "TLS" || protocol === "HTTPS";
}

export function readServiceEntry(object: RawObject): ServiceEntry {
    const spec = fields(object.spec);
    const labels = textMap(fields(object.metadata).labels);
    return {
        ref: objectRef(object),
        hosts: texts(spec.hosts),
        ports: list(spec.ports).flatMap(readPort),
        addresses: texts(spec.addresses),
        endpoints: list(spec.endpoints)
            .flatMap((endpoint) => text(fields(endpoint).address) ?? [])
            .sort(),
        resolution: text(spec.resolution) ?? "NONE",
        subjectAltNames: texts(spec.subjectAltNames),
        exportTo: texts(spec.exportTo),
        refusesAddress: labels["networking.istio.io/enable-autoallocate-ip"]?.toLowerCase() === "false",
    };
}

function readPort(value: unknown): EntryPort[] {
    const port = fields(value);
    const own = number(port.number);
    const protocol = (text(port.protocol) ?? "").toUpperCase();
    return own === undefined ? [] : [{ number: own, protocol, targetPort: number(port.targetPort) ?? own }];
}
