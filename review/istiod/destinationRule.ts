import { Fields, fields, has, list, text, texts } from "../fields";
import { Refuse, Validator } from "./refusal";
import { connectionPool, outlierDetection } from "./connections";
import {
    badExportTo,
    badLabels,
    badPort,
    badSelector,
    isDnsLabel,
    isUnknown,
    isWildcardDomain,
    notLists,
} from "./values";

const MODES = ["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"];
const PORT_SETTINGS = ["tls", "connectionPool", "loadBalancer", "outlierDetection"];
const FILES = ["clientCertificate", "privateKey", "caCertificates", "caCrl"];

export const validateDestinationRule: Validator = (spec, refuse, namespace) => {
    const host = text(spec.host);
    const names = list(spec.subsets).map((subset) => text(fields(subset).name) ?? "");
    notLists(spec, ["subsets", "exportTo"], refuse);
    if (!isUnknown(spec.host) && (host === undefined || !isWildcardDomain(host))) {
        refuse(
            "spec.host",
            "is not a host",
            "a host's name or a wildcard, without scheme or port",
            "Write the host's name",
            host,
        );
    }
    trafficPolicy("spec.trafficPolicy", spec.trafficPolicy, refuse);
    badSelector("spec.workloadSelector.matchLabels", fields(spec.workloadSelector).matchLabels, refuse);
    list(spec.subsets).forEach((value, index) => {
        const path = `spec.subsets[${index}]`;
        if (!isUnknown(fields(value).name) && !isDnsLabel(names[index])) {
            refuse(
                `${path}.name`,
                "is not a subset's name",
                "letters, digits and hyphens, without dots",
                "Rename the subset",
                names[index],
            );
        }
        if (names[index] !== "" && names.indexOf(names[index]) < index) {
            refuse(
                `${path}.name`,
                "is the name of two subsets",
                "a unique name for each",
                "Rename one of the two",
                names[index],
            );
        }
        badLabels(`${path}.labels`, fields(value).labels, refuse);
        trafficPolicy(`${path}.trafficPolicy`, fields(value).trafficPolicy, refuse);
    });
    badExportTo(spec, namespace, false, refuse);
    if (has(spec, "workloadSelector") && texts(spec.exportTo).some((name) => name !== "." && name !== namespace)) {
        refuse(
            "spec.exportTo",
            "exports beyond the namespace, which a rule with a workloadSelector cannot do",
            '["."], or none',
            'Write exportTo: ["."]',
        );
    }
};

function trafficPolicy(path: string, value: unknown, refuse: Refuse): void {
    if (value === undefined || value === null || typeof value !== "object") {
        return;
    }
    const policy = fields(value);
    if (Object.values(policy).every(isNothing)) {
        refuse(path, "is empty", "at least one setting", "Remove it, or add a setting");
    }
    settings(path, policy, refuse);
    list(policy.portLevelSettings).forEach((value, index) => {
        const at = `${path}.portLevelSettings[${index}]`;
        const port = fields(value);
        if (typeof value === "object" && !has(port, "port")) {
            refuse(at, "names no port", "port: { number: ... }", "Add the port");
        }
        badPort(`${at}.port.number`, fields(port.port).number, refuse);
        if (typeof value === "object" && !PORT_SETTINGS.some((name) => has(port, name))) {
            refuse(
                at,
                "sets nothing for the port",
                `one of ${PORT_SETTINGS.join(", ")}`,
                "Add a setting, or remove it",
            );
        }
        settings(at, port, refuse);
    });
}

function isNothing(value: unknown): boolean {
    return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function settings(path: string, policy: Fields, refuse: Refuse): void {
    tlsSettings(`${path}.tls`, policy.tls, refuse);
    connectionPool(`${path}.connectionPool`, policy.connectionPool, refuse);
    outlierDetection(`${path}.outlierDetection`, policy.outlierDetection, refuse);
}

function tlsSettings(path: string, value: unknown, refuse: Refuse): void {
    if (typeof value !== "object" || value === null) {
        return;
    }
    const tls = fields(value);
    const mode = text(tls.mode) ?? "DISABLE";
    const hasCredential = has(tls, "credentialName") && tls.credentialName !== "";
    const files = FILES.filter((name) => has(tls, name) && tls[name] !== "");
    const originates = mode === "SIMPLE" || mode === "MUTUAL";
    if (!isUnknown(tls.mode) && !MODES.includes(mode)) {
        refuse(`${path}.mode`, "is not a TLS mode", `one of ${MODES.join(", ")}`, "Correct the mode", mode);
    }
    if (originates && hasCredential && files.length > 0) {
        refuse(
            `${path}.${files[0]}`,
            "cannot be set together with credentialName",
            "files or a credential",
            "Remove the files, or credentialName",
        );
    }
    if (mode === "MUTUAL" && !hasCredential && !(has(tls, "clientCertificate") && has(tls, "privateKey"))) {
        refuse(
            path,
            "has mode MUTUAL but no client certificate",
            "credentialName, or clientCertificate and privateKey",
            "Add credentialName with the name of the secret",
        );
    }
    if (
        tls.insecureSkipVerify === true &&
        originates &&
        (has(tls, "caCertificates") || list(tls.subjectAltNames).length > 0 || (mode === "SIMPLE" && hasCredential))
    ) {
        refuse(
            `${path}.insecureSkipVerify`,
            "cannot be set together with settings that it turns off",
            "CAs and names without insecureSkipVerify",
            "Remove insecureSkipVerify",
            true,
        );
    }
}
