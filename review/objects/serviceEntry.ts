export { isOpaque, isTls } from "./protocols";
import { Fields, fields, has, list, number, text, textMap, texts } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface EntryPort {
    path: string;
    number: number;
    /** In upper case, as Istio compares it; empty where Istio is to find out. */
    protocol: string;
    targetPort: number;
    /** The ports of the servers that calls arrive at: an endpoint's own where it has one, else the target port. */
    serverPorts: number[];
}

export interface ServiceEntry extends Viewed {
    hosts: string[];
    ports: EntryPort[];
    /** Whether every port could be read: else it may have others. */
    hasAllPorts: boolean;
    addresses: string[];
    /** Addresses that calls go to, sorted; the hosts themselves where there are none. */
    endpoints: string[];
    /** Whether it says itself where calls go, by endpoints or by a selector of workloads. */
    namesEndpoints: boolean;
    resolution: string;
    isExternal: boolean;
    subjectAltNames: string[];
    exportTo: string[];
    /** Whether the entry asks istiod not to give it an address of its own. */
    refusesAddress: boolean;
    /** Labels that say by which waypoint calls go. */
    labels: Record<string, string>;
}

/** A machine that entries of its namespace select by its labels, as if it were an endpoint of theirs. */
export interface WorkloadEntry extends Viewed {
    labels: Record<string, string>;
    /** The spec, which has the fields of an endpoint. */
    endpoint: Fields;
}

export function readWorkloadEntry(object: RawObject): WorkloadEntry {
    const endpoint = fields(object.spec);
    const labels = { ...textMap(fields(object.metadata).labels), ...textMap(endpoint.labels) };
    return { ref: objectRef(object), labels, endpoint };
}

/** `selected` finds the machines of a namespace that a selector means. */
export function readServiceEntry(
    object: RawObject,
    selected: (namespace: string, labels: Record<string, string>) => WorkloadEntry[] = () => [],
): ServiceEntry {
    const ref = objectRef(object);
    const spec = fields(object.spec);
    const labels = textMap(fields(object.metadata).labels);
    const selector = textMap(fields(spec.workloadSelector).labels);
    const machines = Object.keys(selector).length > 0 ? selected(ref.namespace, selector) : [];
    const endpoints = [...list(spec.endpoints).map(fields), ...machines.map(({ endpoint }) => endpoint)];
    const ports = list(spec.ports).flatMap((port, index) => readPort(fields(port), `spec.ports[${index}]`, endpoints));
    return {
        ref,
        hosts: texts(spec.hosts),
        ports,
        hasAllPorts: Array.isArray(spec.ports) && spec.ports.length === ports.length,
        addresses: texts(spec.addresses),
        endpoints: endpoints.flatMap(({ address }) => text(address) ?? []).sort(),
        namesEndpoints: has(spec, "workloadSelector") || (has(spec, "endpoints") && !isEmptyList(spec.endpoints)),
        resolution: text(spec.resolution) ?? "NONE",
        isExternal: spec.location !== "MESH_INTERNAL",
        subjectAltNames: texts(spec.subjectAltNames),
        exportTo: texts(spec.exportTo),
        refusesAddress: labels["networking.istio.io/enable-autoallocate-ip"]?.toLowerCase() === "false",
        labels,
    };
}

function isEmptyList(value: unknown): boolean {
    return Array.isArray(value) && value.length === 0;
}

function readPort(port: Fields, path: string, endpoints: Fields[]): EntryPort[] {
    const own = number(port.number);
    if (own === undefined) {
        return [];
    }
    const targetPort = number(port.targetPort) ?? own;
    const name = text(port.name) ?? "";
    const ofEndpoints = endpoints.map(({ ports }) => number(fields(ports)[name]) ?? targetPort);
    const serverPorts = ofEndpoints.length > 0 ? [...new Set(ofEndpoints)] : [targetPort];
    return [{ path, number: own, protocol: (text(port.protocol) ?? "").toUpperCase(), targetPort, serverPorts }];
}
