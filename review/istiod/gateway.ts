import { Fields, fields, has, list, text, texts } from "../fields";
import { isHttp, isTls } from "../objects/protocols";
import { Refuse, Validator } from "./refusal";
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

export const validateGateway: Validator = (spec, refuse) => {
    const names = list(spec.servers).map((server) => text(fields(fields(server).port).name));
    notLists(spec, ["servers"], refuse);
    if (!has(spec, "servers") || (Array.isArray(spec.servers) && spec.servers.length === 0)) {
        refuse("spec.servers", "has no server", "at least one server", "Add a server");
    }
    list(spec.servers).forEach((value, index) => {
        server(`spec.servers[${index}]`, fields(value), refuse);
        if (names[index] !== undefined && names.indexOf(names[index]) < index) {
            refuse(
                `spec.servers[${index}].port.name`,
                "is the name of two ports",
                "a unique name for each",
                "Rename one of the two",
                names[index],
            );
        }
    });
};

function server(path: string, own: Fields, refuse: Refuse): void {
    const port = fields(own.port);
    const protocol = (text(port.protocol) ?? "").toUpperCase();
    const tls = fields(own.tls);
    const hasTls = has(own, "tls");
    const isKnown = typeof port.protocol === "string";
    if (!has(own, "hosts") || (Array.isArray(own.hosts) && own.hosts.length === 0)) {
        refuse(`${path}.hosts`, "names no host", "at least one host", "Add the host");
    }
    texts(own.hosts).forEach((host, index) => {
        if (!isWildcardDomain(host.slice(host.indexOf("/") + 1))) {
            refuse(
                `${path}.hosts[${index}]`,
                "is not a host",
                "host or namespace/host, without scheme or port",
                "Write the host's name",
                host,
            );
        }
    });
    if (!has(own, "port")) {
        refuse(path, "has no port", "port with number, name and protocol", "Add the port");
    }
    badPort(`${path}.port.number`, port.number, refuse);
    badProtocol(`${path}.port.protocol`, port.protocol, refuse);
    if (has(own, "port") && !has(port, "name")) {
        refuse(`${path}.port`, "has no name", "a name such as https", "Add name");
    }
    if (isKnown && isTls(protocol) && !hasTls) {
        refuse(
            `${path}.tls`,
            `is missing on a server with protocol ${protocol}`,
            "tls with a mode",
            "Add tls: { mode: ISTIO_MUTUAL }",
        );
    }
    if (isKnown && hasTls && !isTls(protocol) && !(isHttp(protocol) && isRedirectOnly(tls))) {
        refuse(
            `${path}.tls`,
            `is set on a server with protocol ${protocol}`,
            "protocol HTTPS or TLS",
            "Set protocol: HTTPS",
        );
    }
    if (hasTls) {
        tlsOptions(`${path}.tls`, tls, refuse);
    }
}

/** Which says only that plaintext is redirected. */
function isRedirectOnly(tls: Fields): boolean {
    return (text(tls.mode) ?? "PASSTHROUGH") === "PASSTHROUGH" && !SOURCES.some((name) => has(tls, name));
}

function tlsOptions(path: string, tls: Fields, refuse: Refuse): void {
    const mode = text(tls.mode) ?? "PASSTHROUGH";
    const sources = SOURCES.filter((name) => has(tls, name));
    const terminates = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"].includes(mode);
    const hasCertificate = sources.some((name) =>
        ["credentialName", "credentialNames", "tlsCertificates"].includes(name),
    );
    if (typeof tls.mode !== "symbol" && !MODES.includes(mode)) {
        refuse(`${path}.mode`, "is not a TLS mode", `one of ${MODES.join(", ")}`, "Correct the mode", mode);
    }
    if (mode === "ISTIO_MUTUAL" && sources.length > 0) {
        refuse(
            `${path}.${sources[0]}`,
            "cannot be set with ISTIO_MUTUAL, which uses the mesh's own certificates",
            "ISTIO_MUTUAL alone",
            `Remove ${sources.join(" and ")}`,
        );
    }
    if (terminates && !hasCertificate && !(has(tls, "serverCertificate") && has(tls, "privateKey"))) {
        refuse(
            path,
            `has mode ${mode} but no server certificate`,
            "credentialName, or serverCertificate and privateKey",
            "Add credentialName",
        );
    }
}
