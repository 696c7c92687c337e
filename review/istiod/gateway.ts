import { Fields, fields, has, list, text, texts } from "../fields";
import { isHttp, isTls } from "../objects/protocols";
import { Refuse, Validator } from "./refusal";
import {
    badPort,
    badProtocol,
    isAddress,
    isDnsLabel,
    isPartialWildcard,
    isUnknown,
    isWildcardDomain,
    notLists,
} from "./values";

const MODES = ["PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"];
const CREDENTIALS = ["credentialName", "credentialNames", "tlsCertificates"];
const FILES = ["serverCertificate", "privateKey", "caCertificates"];

export const validateGateway: Validator = (spec, refuse, _namespace, name) => {
    const names = list(spec.servers).map((server) => text(fields(fields(server).port).name));
    if (name !== "" && !isDnsLabel(name)) {
        refuse(
            "metadata.name",
            "is not a Gateway's name",
            "letters, digits and hyphens, without dots",
            "Rename it",
            name,
        );
    }
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
        if (!isServerHost(host)) {
            refuse(
                `${path}.hosts[${index}]`,
                "is not a host of a Gateway",
                "host or namespace/host, with the host's full name, without scheme or port; a wildcard as *.example",
                "Write the host's full name",
                host,
            );
        }
    });
    if (!has(own, "port")) {
        refuse(path, "has no port", "port with number, name and protocol", "Add the port");
    }
    if (!(port.number === 0 && text(own.bind)?.startsWith("unix://"))) {
        badPort(`${path}.port.number`, port.number, refuse);
    }
    badProtocol(`${path}.port.protocol`, port.protocol, refuse);
    ["name", "number", "protocol"].forEach((key) => {
        if (has(own, "port") && !isUnknown(own.port) && (!has(port, key) || port[key] === "")) {
            refuse(`${path}.port`, `has no ${key}`, "port with number, name and protocol", `Add ${key}`);
        }
    });
    if (typeof port.targetPort === "number" && port.targetPort > 0) {
        refuse(
            `${path}.port.targetPort`,
            "has no effect on a Gateway",
            "a port without targetPort",
            "Remove targetPort",
            port.targetPort,
        );
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

/** `host` or `namespace/host`, where short names and wildcards for a part of a label are not possible. */
function isServerHost(value: string): boolean {
    const slash = value.indexOf("/");
    const namespace = value.slice(0, Math.max(slash, 0));
    const host = value.slice(slash + 1);
    return (
        (slash < 0 || ["*", "."].includes(namespace) || isDnsLabel(namespace)) &&
        (host === "*" || (host.includes(".") && !isPartialWildcard(host))) &&
        (isWildcardDomain(host) || isAddress(host))
    );
}

/** Which says only that plaintext is redirected. */
function isRedirectOnly(tls: Fields): boolean {
    const isPassed = ["PASSTHROUGH", "AUTO_PASSTHROUGH"].includes(text(tls.mode) ?? "PASSTHROUGH");
    return isPassed && !FILES.some((name) => isSet(tls, name));
}

/** Whether it has a value, or one that is not known yet. */
function isSet(tls: Fields, name: string): boolean {
    const value = tls[name];
    return Array.isArray(value) ? value.length > 0 : has(tls, name) && value !== "";
}

function tlsOptions(path: string, tls: Fields, refuse: Refuse): void {
    const mode = text(tls.mode) ?? "PASSTHROUGH";
    if (!isUnknown(tls.mode) && !MODES.includes(mode)) {
        refuse(`${path}.mode`, "is not a TLS mode", `one of ${MODES.join(", ")}`, "Correct the mode", mode);
    }
    if (mode === "ISTIO_MUTUAL") {
        const sources = [...FILES, ...CREDENTIALS].filter((name) => isSet(tls, name));
        if (sources.length > 0) {
            refuse(
                `${path}.${sources[0]}`,
                "cannot be set with ISTIO_MUTUAL, which uses the mesh's own certificates",
                "ISTIO_MUTUAL alone",
                `Remove ${sources.join(" and ")}`,
            );
        }
    } else {
        certificates(path, mode, tls, refuse);
    }
}

function certificates(path: string, mode: string, tls: Fields, refuse: Refuse): void {
    const credentials = CREDENTIALS.filter((name) => isSet(tls, name));
    const hasFiles = isSet(tls, "serverCertificate") && isSet(tls, "privateKey");
    const isMutual = ["MUTUAL", "OPTIONAL_MUTUAL"].includes(mode);
    const isFetched = credentials.some((name) => name !== "tlsCertificates");
    if (credentials.length + Number(hasFiles) > 1) {
        refuse(
            `${path}.${credentials[0]}`,
            "is set together with another source of the server's certificate",
            "one source: credentialName, credentialNames, tlsCertificates, or the files",
            "Keep one of them",
        );
    }
    if ((mode === "SIMPLE" || isMutual) && credentials.length === 0 && !hasFiles) {
        refuse(
            path,
            `has mode ${mode} but no server certificate`,
            "credentialName, or serverCertificate and privateKey",
            "Add credentialName",
        );
    }
    if (isMutual && !isFetched && !isSet(tls, "caCertificates")) {
        refuse(
            path,
            `has mode ${mode} but no CA for the clients' certificates`,
            "credentialName, or caCertificates next to the files",
            "Add caCertificates",
        );
    }
}
