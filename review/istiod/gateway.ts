import { Violation } from "../../plan/shared/violation";
import { Fields, fields, has, list, text, texts } from "../fields";
import { isHttp, isTls } from "../objects/protocols";
import { Validator, refuseIf, refused } from "./refusal";
import { badPort, badProtocol, isWildcardDomain, notLists } from "./values";

const MODES = ["PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"];
const SOURCES = [
    "serverCertificate",
    "privateKey",
    "caCertificates",
    "credentialName",
    "credentialNames",
    "tlsCertificates",
];

export const validateGateway: Validator = (spec) => {
    const names = list(spec.servers).map((server) => text(fields(fields(server).port).name));
    return [
        ...notLists(spec, ["servers"]),
        ...refuseIf(!has(spec, "servers") || (Array.isArray(spec.servers) && spec.servers.length === 0), () =>
            refused("spec.servers", "has no server", "at least one server", "Add a server"),
        ),
        ...list(spec.servers).flatMap((value, index) => [
            ...server(`spec.servers[${index}]`, fields(value)),
            ...refuseIf(names[index] !== undefined && names.indexOf(names[index]) < index, () =>
                refused(
                    `spec.servers[${index}].port.name`,
                    "is the name of two ports",
                    "a unique name for each",
                    "Rename one of the two",
                    names[index],
                ),
            ),
        ]),
    ];
};

function server(path: string, own: Fields): readonly Violation[] {
    const port = fields(own.port);
    const protocol = (text(port.protocol) ?? "").toUpperCase();
    const tls = fields(own.tls);
    const hasTls = has(own, "tls");
    const isKnown = typeof port.protocol === "string";
    return [
        ...refuseIf(!has(own, "hosts") || (Array.isArray(own.hosts) && own.hosts.length === 0), () =>
            refused(`${path}.hosts`, "names no host", "at least one host", "Add the host"),
        ),
        ...texts(own.hosts).flatMap((host, index) =>
            refuseIf(!isWildcardDomain(host.slice(host.indexOf("/") + 1)), () =>
                refused(
                    `${path}.hosts[${index}]`,
                    "is not a host",
                    "host or namespace/host, without scheme or port",
                    "Write the host's name",
                    host,
                ),
            ),
        ),
        ...refuseIf(!has(own, "port"), () =>
            refused(path, "has no port", "port with number, name and protocol", "Add the port"),
        ),
        ...badPort(`${path}.port.number`, port.number),
        ...badProtocol(`${path}.port.protocol`, port.protocol),
        ...refuseIf(has(own, "port") && !has(port, "name"), () =>
            refused(`${path}.port`, "has no name", "a name such as https", "Add name"),
        ),
        ...refuseIf(isKnown && isTls(protocol) && !hasTls, () =>
            refused(
                `${path}.tls`,
                `is missing on a server with protocol ${protocol}`,
                "tls with a mode",
                "Add tls: { mode: ISTIO_MUTUAL }",
            ),
        ),
        ...refuseIf(isKnown && hasTls && !isTls(protocol) && !(isHttp(protocol) && isRedirectOnly(tls)), () =>
            refused(
                `${path}.tls`,
                `is set on a server with protocol ${protocol}`,
                "protocol HTTPS or TLS",
                "Set protocol: HTTPS",
            ),
        ),
        ...(hasTls ? tlsOptions(`${path}.tls`, tls) : []),
    ];
}

/** Which says only that plaintext is redirected. */
function isRedirectOnly(tls: Fields): boolean {
    return (text(tls.mode) ?? "PASSTHROUGH") === "PASSTHROUGH" && !SOURCES.some((name) => has(tls, name));
}

function tlsOptions(path: string, tls: Fields): readonly Violation[] {
    const mode = text(tls.mode) ?? "PASSTHROUGH";
    const sources = SOURCES.filter((name) => has(tls, name));
    const terminates = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"].includes(mode);
    const hasCertificate = sources.some((name) =>
        ["credentialName", "credentialNames", "tlsCertificates"].includes(name),
    );
    return [
        ...refuseIf(typeof tls.mode !== "symbol" && !MODES.includes(mode), () =>
            refused(`${path}.mode`, "is not a TLS mode", `one of ${MODES.join(", ")}`, "Correct the mode", mode),
        ),
        ...refuseIf(mode === "ISTIO_MUTUAL" && sources.length > 0, () =>
            refused(
                `${path}.${sources[0]}`,
                "cannot be set with ISTIO_MUTUAL, which uses the mesh's own certificates",
                "ISTIO_MUTUAL alone",
                `Remove ${sources.join(" and ")}`,
            ),
        ),
        ...refuseIf(terminates && !hasCertificate && !(has(tls, "serverCertificate") && has(tls, "privateKey")), () =>
            refused(
                path,
                `has mode ${mode} but no server certificate`,
                "credentialName, or serverCertificate and privateKey",
                "Add credentialName",
            ),
        ),
    ];
}
