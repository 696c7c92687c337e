import { Fields, fields, has, list, text, texts } from "../fields";
import { Refuse, Validator } from "./refusal";
import {
    badExportTo,
    badLabels,
    badPort,
    badProtocol,
    badSelector,
    isAddress,
    isDnsLabel,
    isFqdn,
    isSubnet,
    isUnknown,
    isWildcardDomain,
    notLists,
    ports,
} from "./values";

const RESOLUTIONS = ["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"];
const DYNAMIC_PROTOCOLS = ["HTTP", "TLS", "GRPC", "HTTP2"];

export const validateServiceEntry: Validator = (spec, refuse, namespace) => {
    const resolution = text(spec.resolution) ?? "NONE";
    notLists(spec, ["hosts", "ports", "addresses", "endpoints", "exportTo", "subjectAltNames"], refuse);
    hosts(spec, refuse);
    portsOf(spec, refuse);
    if (!RESOLUTIONS.includes(resolution)) {
        refuse("spec.resolution", "is not a resolution", `one of ${RESOLUTIONS.join(", ")}`, "Correct it", resolution);
    }
    if (!isUnknown(spec.resolution)) {
        BY_RESOLUTION.get(resolution)?.(spec, refuse);
    }
    severalHosts(spec, resolution, refuse);
    addresses(spec, resolution, refuse);
    badSelector("spec.workloadSelector.labels", fields(spec.workloadSelector).labels, refuse);
    if (has(spec, "workloadSelector") && list(spec.endpoints).length > 0) {
        refuse(
            "spec.endpoints",
            "cannot be set together with workloadSelector",
            "one of the two",
            "Remove one of them",
        );
    }
    badExportTo(spec, namespace, true, refuse);
};

function hosts(spec: Fields, refuse: Refuse): void {
    const own = texts(spec.hosts);
    if (!has(spec, "hosts") || (Array.isArray(spec.hosts) && list(spec.hosts).length === 0)) {
        refuse("spec.hosts", "names no host", "at least one host", "Add the host");
    }
    own.forEach((host, index) => {
        if (host === "*" || !isWildcardDomain(host)) {
            refuse(
                `spec.hosts[${index}]`,
                host === "*" ? "matches every host" : "is not a host name",
                "a name such as api.partner.example, without scheme, port or path",
                "Write the host's name",
                host,
            );
        }
    });
}

function portsOf(spec: Fields, refuse: Refuse): void {
    const numbers = new Set<unknown>();
    const names = new Set<unknown>();
    ports(spec).forEach((port, index) => {
        const path = `spec.ports[${index}]`;
        const isTwice = numbers.has(port.number) || names.has(port.name);
        numbers.add(port.number);
        names.add(port.name);
        const name = text(port.name) ?? "";
        badPort(`${path}.number`, port.number, refuse);
        if (!has(port, "number")) {
            refuse(path, "has no number", "a port's number", "Add number");
        }
        badPort(`${path}.targetPort`, port.targetPort, refuse);
        badProtocol(`${path}.protocol`, port.protocol, refuse);
        if (!isUnknown(port.name) && !isDnsLabel(name)) {
            refuse(
                `${path}.name`,
                "is not a port's name",
                "letters, digits and hyphens",
                "Name the port, for example http",
                name,
            );
        }
        if (isTwice && has(port, "number")) {
            refuse(
                path,
                "has the number or name of an earlier port",
                "a unique number and name for each port",
                "Remove one of the two",
            );
        }
    });
}

function withoutResolution(spec: Fields, refuse: Refuse): void {
    if (list(spec.endpoints).length > 0) {
        refuse(
            "spec.endpoints",
            "has no effect with resolution NONE",
            "resolution STATIC or DNS",
            "Set resolution: STATIC",
        );
    }
}

function byDns(spec: Fields, refuse: Refuse): void {
    const endpoints = list(spec.endpoints).map(fields);
    const wildcard = texts(spec.hosts).findIndex((host) => !isFqdn(host));
    if (endpoints.length === 0 && wildcard >= 0) {
        refuse(
            `spec.hosts[${wildcard}]`,
            "cannot be resolved by DNS without endpoints",
            "hosts by name, or resolution NONE or DYNAMIC_DNS for a wildcard",
            "List the hosts by name",
            texts(spec.hosts)[wildcard],
        );
    }
    if (spec.resolution === "DNS_ROUND_ROBIN" && endpoints.length > 1) {
        refuse("spec.endpoints", "has several endpoints with DNS_ROUND_ROBIN", "at most one", "Set resolution: DNS");
    }
    endpointsOf(spec, refuse, (address, path) => {
        if (!isAddress(address) && !isFqdn(address)) {
            refuse(
                path,
                "is neither an address nor a name",
                "an address or a name, without port",
                "Write only the address",
                address,
            );
        }
    });
}

function byAddress(spec: Fields, refuse: Refuse): void {
    endpointsOf(spec, refuse, (address, path) => {
        if (!isAddress(address) && !address.startsWith("unix://")) {
            refuse(
                path,
                "is not an IP address, but resolution STATIC takes no names",
                "an address without port, or resolution DNS for a name",
                "Set resolution: DNS if it is a name, or write only the address",
                address,
            );
        }
    });
}

function endpointsOf(spec: Fields, refuse: Refuse, judge: (address: string, path: string) => void): void {
    const names = ports(spec).map(({ name }) => name);
    list(spec.endpoints).forEach((value, index) => {
        const path = `spec.endpoints[${index}]`;
        const endpoint = fields(value);
        const address = text(endpoint.address);
        if (address !== undefined) {
            judge(address, `${path}.address`);
        } else if (typeof value === "object" && !isUnknown(endpoint.address) && !has(endpoint, "network")) {
            refuse(path, "has no address", "the address of the server", "Add address");
        }
        badLabels(`${path}.labels`, endpoint.labels, refuse);
        for (const [name, port] of Object.entries(fields(endpoint.ports))) {
            badPort(`${path}.ports.${name}`, port, refuse);
            if (!names.includes(name) && !names.some(isUnknown)) {
                refuse(
                    `${path}.ports.${name}`,
                    "is for a port that the entry does not have by that name",
                    `one of ${names.map(String).join(", ") || "the entry's ports"}`,
                    "Write the name of one of spec.ports",
                );
            }
        }
    });
}

function byDynamicDns(spec: Fields, refuse: Refuse): void {
    texts(spec.hosts).forEach((host, index) => {
        if (!host.startsWith("*")) {
            refuse(
                `spec.hosts[${index}]`,
                "is not a wildcard, but DYNAMIC_DNS is for wildcards only",
                "resolution DNS for a name",
                "Set resolution: DNS",
                host,
            );
        }
    });
    ["addresses", "endpoints"].forEach((name) => {
        if (list(spec[name]).length > 0) {
            refuse(`spec.${name}`, "has no effect with DYNAMIC_DNS", "an entry without it", `Remove ${name}`);
        }
    });
    ports(spec).forEach(({ protocol }, index) => {
        if (typeof protocol === "string" && !DYNAMIC_PROTOCOLS.includes(protocol.toUpperCase())) {
            refuse(
                `spec.ports[${index}].protocol`,
                "is not possible with DYNAMIC_DNS",
                `one of ${DYNAMIC_PROTOCOLS.join(", ")}`,
                "Set protocol: TLS",
                protocol,
            );
        }
    });
}

const BY_RESOLUTION = new Map<string, (spec: Fields, refuse: Refuse) => void>([
    ["NONE", withoutResolution],
    ["STATIC", byAddress],
    ["DNS", byDns],
    ["DNS_ROUND_ROBIN", byDns],
    ["DYNAMIC_DNS", byDynamicDns],
]);

/** Bytes do not show which of several hosts they are for. */
function severalHosts(spec: Fields, resolution: string, refuse: Refuse): void {
    const opaque = ports(spec).findIndex(
        ({ protocol }) => protocol === undefined || /^(TCP|UDP|MONGO|REDIS|MYSQL)?$/i.test(text(protocol) ?? ""),
    );
    if (
        resolution !== "NONE" &&
        list(spec.hosts).length > 1 &&
        opaque >= 0 &&
        !isUnknown(ports(spec)[opaque].protocol)
    ) {
        refuse(
            `spec.ports[${opaque}].protocol`,
            "is neither HTTP nor TLS, but the entry has several hosts",
            "one host in each entry for a TCP port",
            "Create one entry for each host",
        );
    }
}

function addresses(spec: Fields, resolution: string, refuse: Refuse): void {
    texts(spec.addresses).forEach((address, index) => {
        if (!isSubnet(address)) {
            refuse(
                `spec.addresses[${index}]`,
                "is not an address",
                "an address or a range, without port",
                "Correct it",
                address,
            );
        }
        if (address.includes("/") && !["NONE", "STATIC"].includes(resolution)) {
            refuse(
                `spec.addresses[${index}]`,
                "is a range, which needs resolution NONE or STATIC",
                "an address, or resolution STATIC",
                "Write an address",
                address,
            );
        }
    });
}
