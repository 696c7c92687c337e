import { Violation } from "../../plan/shared/violation";
import { fields, has, list, text, texts } from "../fields";
import { Validator, refuseIf, refused } from "./refusal";
import { badExportTo, badPort, isDnsLabel, isWildcardDomain, notLists } from "./values";

const MODES = ["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"];
const FILES = ["clientCertificate", "privateKey", "caCertificates", "caCrl"];

export const validateDestinationRule: Validator = (spec, namespace) => {
    const host = text(spec.host);
    const names = list(spec.subsets).map((subset) => text(fields(subset).name) ?? "");
    return [
        ...notLists(spec, ["subsets", "exportTo"]),
        ...refuseIf(typeof spec.host !== "symbol" && (host === undefined || !isWildcardDomain(host)), () =>
            refused(
                "spec.host",
                "is not a host",
                "a host's name or a wildcard, without scheme or port",
                "Write the host's name",
                host,
            ),
        ),
        ...trafficPolicy("spec.trafficPolicy", spec.trafficPolicy),
        ...list(spec.subsets).flatMap((value, index) => {
            const path = `spec.subsets[${index}]`;
            return [
                ...refuseIf(typeof fields(value).name !== "symbol" && !isDnsLabel(names[index]), () =>
                    refused(
                        `${path}.name`,
                        "is not a subset's name",
                        "letters, digits and hyphens, without dots",
                        "Rename the subset",
                        names[index],
                    ),
                ),
                ...refuseIf(names[index] !== "" && names.indexOf(names[index]) < index, () =>
                    refused(
                        `${path}.name`,
                        "is the name of two subsets",
                        "a unique name for each",
                        "Rename one of the two",
                        names[index],
                    ),
                ),
                ...trafficPolicy(`${path}.trafficPolicy`, fields(value).trafficPolicy),
            ];
        }),
        ...badExportTo(spec, namespace, false),
        ...refuseIf(
            has(spec, "workloadSelector") && texts(spec.exportTo).some((name) => name !== "." && name !== namespace),
            () =>
                refused(
                    "spec.exportTo",
                    "exports beyond the namespace, which a rule with a workloadSelector cannot do",
                    '["."], or none',
                    'Write exportTo: ["."]',
                ),
        ),
    ];
};

function trafficPolicy(path: string, value: unknown): readonly Violation[] {
    if (value === undefined || value === null || typeof value !== "object") {
        return [];
    }
    const policy = fields(value);
    return [
        ...refuseIf(
            Object.values(policy).every((inner) => inner === undefined || inner === null),
            () => refused(path, "is empty", "at least one setting", "Remove it, or add a setting"),
        ),
        ...tlsSettings(`${path}.tls`, policy.tls),
        ...list(policy.portLevelSettings).flatMap((value, index) => {
            const at = `${path}.portLevelSettings[${index}]`;
            const port = fields(value);
            return [
                ...refuseIf(typeof value === "object" && !has(port, "port"), () =>
                    refused(at, "names no port", "port: { number: ... }", "Add the port"),
                ),
                ...badPort(`${at}.port.number`, fields(port.port).number),
                ...tlsSettings(`${at}.tls`, port.tls),
            ];
        }),
    ];
}

function tlsSettings(path: string, value: unknown): readonly Violation[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const tls = fields(value);
    const mode = text(tls.mode) ?? "DISABLE";
    const hasCredential = has(tls, "credentialName") && tls.credentialName !== "";
    const files = FILES.filter((name) => has(tls, name) && tls[name] !== "");
    const originates = mode === "SIMPLE" || mode === "MUTUAL";
    return [
        ...refuseIf(typeof tls.mode !== "symbol" && !MODES.includes(mode), () =>
            refused(`${path}.mode`, "is not a TLS mode", `one of ${MODES.join(", ")}`, "Correct the mode", mode),
        ),
        ...refuseIf(originates && hasCredential && files.length > 0, () =>
            refused(
                `${path}.${files[0]}`,
                "cannot be set together with credentialName",
                "files or a credential",
                "Remove the files, or credentialName",
            ),
        ),
        ...refuseIf(
            mode === "MUTUAL" && !hasCredential && !(has(tls, "clientCertificate") && has(tls, "privateKey")),
            () =>
                refused(
                    path,
                    "has mode MUTUAL but no client certificate",
                    "credentialName, or clientCertificate and privateKey",
                    "Add credentialName with the name of the secret",
                ),
        ),
        ...refuseIf(
            tls.insecureSkipVerify === true &&
                originates &&
                (has(tls, "caCertificates") ||
                    list(tls.subjectAltNames).length > 0 ||
                    (mode === "SIMPLE" && hasCredential)),
            () =>
                refused(
                    `${path}.insecureSkipVerify`,
                    "cannot be set together with settings that it turns off",
                    "CAs and names without insecureSkipVerify",
                    "Remove insecureSkipVerify",
                    true,
                ),
        ),
    ];
}
