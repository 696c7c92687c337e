import { Violation } from "../../plan/shared/violation";
import { Fields, fields, has, list, text, texts } from "../fields";
import { Validator, refuseIf, refused } from "./refusal";
import {
    badExportTo,
    badPort,
    badProtocol,
    isAddress,
    isDnsLabel,
    isFqdn,
    isWildcardDomain,
    notLists,
    ports,
} from "./values";

const RESOLUTIONS = ["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"];
const DYNAMIC_PROTOCOLS = ["HTTP", "TLS", "GRPC", "HTTP2"];

export const validateServiceEntry: Validator = (spec, namespace) => {
    const resolution = text(spec.resolution) ?? "NONE";
    const byResolution: Record<string, (spec: Fields) => readonly Violation[]> = {
        NONE: withoutResolution,
        DNS: byDns,
        DNS_ROUND_ROBIN: byDns,
        DYNAMIC_DNS: byDynamicDns,
    };
    return [
        ...notLists(spec, ["hosts", "ports", "addresses", "endpoints", "exportTo", "subjectAltNames"]),
        ...hosts(spec),
        ...portsOf(spec),
        ...refuseIf(!RESOLUTIONS.includes(resolution), () =>
            refused(
                "spec.resolution",
                "is not a resolution",
                `one of ${RESOLUTIONS.join(", ")}`,
                "Correct it",
                resolution,
            ),
        ),
        ...(byResolution[resolution]?.(spec) ?? []),
        ...severalHosts(spec, resolution),
        ...addresses(spec, resolution),
        ...refuseIf(has(spec, "workloadSelector") && list(spec.endpoints).length > 0, () =>
            refused(
                "spec.endpoints",
                "cannot be set together with workloadSelector",
                "one of the two",
                "Remove one of them",
            ),
        ),
        ...badExportTo(spec, namespace, true),
    ];
};

function hosts(spec: Fields): readonly Violation[] {
    const own = texts(spec.hosts);
    return [
        ...refuseIf(!has(spec, "hosts") || (Array.isArray(spec.hosts) && list(spec.hosts).length === 0), () =>
            refused("spec.hosts", "names no host", "at least one host", "Add the host"),
        ),
        ...own.flatMap((host, index) =>
            refuseIf(host === "*" || !isWildcardDomain(host), () =>
                refused(
                    `spec.hosts[${index}]`,
                    host === "*" ? "matches every host" : "is not a host name",
                    "a name such as api.partner.example, without scheme, port or path",
                    "Write the host's name",
                    host,
                ),
            ),
        ),
    ];
}

function portsOf(spec: Fields): readonly Violation[] {
    const numbers = new Set<unknown>();
    const names = new Set<unknown>();
    return ports(spec).flatMap((port, index) => {
        const path = `spec.ports[${index}]`;
        const isTwice = numbers.has(port.number) || names.has(port.name);
        numbers.add(port.number);
        names.add(port.name);
        const name = text(port.name) ?? "";
        return [
            ...badPort(`${path}.number`, port.number),
            ...refuseIf(!has(port, "number"), () => refused(path, "has no number", "a port's number", "Add number")),
            ...badPort(`${path}.targetPort`, port.targetPort),
            ...badProtocol(`${path}.protocol`, port.protocol),
            ...refuseIf(typeof port.name !== "symbol" && !isDnsLabel(name), () =>
                refused(
                    `${path}.name`,
                    "is not a port's name",
                    "letters, digits and hyphens",
                    "Name the port, for example http",
                    name,
                ),
            ),
            ...refuseIf(isTwice && has(port, "number"), () =>
                refused(
                    path,
                    "has the number or name of an earlier port",
                    "a unique number and name for each port",
                    "Remove one of the two",
                ),
            ),
        ];
    });
}

function withoutResolution(spec: Fields): readonly Violation[] {
    return refuseIf(list(spec.endpoints).length > 0, () =>
        refused(
            "spec.endpoints",
            "has no effect with resolution NONE",
            "resolution STATIC or DNS",
            "Set resolution: STATIC",
        ),
    );
}

function byDns(spec: Fields): readonly Violation[] {
    const endpoints = list(spec.endpoints).map(fields);
    const wildcard = texts(spec.hosts).findIndex((host) => !isFqdn(host));
    return [
        ...refuseIf(endpoints.length === 0 && wildcard >= 0, () =>
            refused(
                `spec.hosts[${wildcard}]`,
                "cannot be resolved by DNS without endpoints",
                "hosts by name, or resolution NONE or DYNAMIC_DNS for a wildcard",
                "List the hosts by name",
                texts(spec.hosts)[wildcard],
            ),
        ),
        ...refuseIf(spec.resolution === "DNS_ROUND_ROBIN" && endpoints.length > 1, () =>
            refused(
                "spec.endpoints",
                "has several endpoints with DNS_ROUND_ROBIN",
                "at most one",
                "Set resolution: DNS",
            ),
        ),
        ...endpoints.flatMap(({ address }, index) => {
            const own = text(address);
            return refuseIf(own !== undefined && !isAddress(own) && !isFqdn(own), () =>
                refused(
                    `spec.endpoints[${index}].address`,
                    "is neither an address nor a name",
                    "an address or a name, without port",
                    "Write only the address",
                    own,
                ),
            );
        }),
    ];
}

function byDynamicDns(spec: Fields): readonly Violation[] {
    return [
        ...texts(spec.hosts).flatMap((host, index) =>
            refuseIf(!host.startsWith("*"), () =>
                refused(
                    `spec.hosts[${index}]`,
                    "is not a wildcard, but DYNAMIC_DNS is for wildcards only",
                    "resolution DNS for a name",
                    "Set resolution: DNS",
                    host,
                ),
            ),
        ),
        ...["addresses", "endpoints"].flatMap((name) =>
            refuseIf(list(spec[name]).length > 0, () =>
                refused(`spec.${name}`, "has no effect with DYNAMIC_DNS", "an entry without it", `Remove ${name}`),
            ),
        ),
        ...ports(spec).flatMap(({ protocol }, index) =>
            refuseIf(typeof protocol === "string" && !DYNAMIC_PROTOCOLS.includes(protocol.toUpperCase()), () =>
                refused(
                    `spec.ports[${index}].protocol`,
                    "is not possible with DYNAMIC_DNS",
                    `one of ${DYNAMIC_PROTOCOLS.join(", ")}`,
                    "Set protocol: TLS",
                    protocol,
                ),
            ),
        ),
    ];
}

/** Bytes do not show which of several hosts they are for. */
function severalHosts(spec: Fields, resolution: string): readonly Violation[] {
    const opaque = ports(spec).findIndex(
        ({ protocol }) => protocol === undefined || /^(TCP|UDP|MONGO|REDIS|MYSQL)?$/i.test(text(protocol) ?? ""),
    );
    return refuseIf(
        resolution !== "NONE" &&
            list(spec.hosts).length > 1 &&
            opaque >= 0 &&
            typeof ports(spec)[opaque].protocol !== "symbol",
        () =>
            refused(
                `spec.ports[${opaque}].protocol`,
                "is neither HTTP nor TLS, but the entry has several hosts",
                "one host in each entry for a TCP port",
                "Create one entry for each host",
            ),
    );
}

function addresses(spec: Fields, resolution: string): readonly Violation[] {
    return texts(spec.addresses).flatMap((address, index) => [
        ...refuseIf(!isAddress(address.split("/")[0]), () =>
            refused(
                `spec.addresses[${index}]`,
                "is not an address",
                "an address or a range, without port",
                "Correct it",
                address,
            ),
        ),
        ...refuseIf(address.includes("/") && !["NONE", "STATIC"].includes(resolution), () =>
            refused(
                `spec.addresses[${index}]`,
                "is a range, which needs resolution NONE or STATIC",
                "an address, or resolution STATIC",
                "Write an address",
                address,
            ),
        ),
    ]);
}
