import { createHash } from "node:crypto";
import { Violation } from "./violation";

const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const SERVICE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Kubernetes name of a host's objects: `api.partner.example` -> `api-partner-example`.
 *
 * It is derived from the host, so that two stacks with the same host collide at the API server. No two hosts share a
 * name: a hyphen is doubled, and a dot becomes a single hyphen. In a DNS name, a hyphen is never next to a dot. A name
 * that would be too long for Kubernetes ends in a hash instead. Only a wildcard's name has three hyphens in a row
 * (`*.partner.example` -> `any---partner-example`).
 */
export function hostObjectName(host: string): string {
    return cut(host, MAX_NAME_LENGTH, 64);
}

/** The same as a single label, for names of Gateways and subsets. */
export function hostLabel(host: string): string {
    return cut(host, MAX_LABEL_LENGTH, 32);
}

function cut(host: string, most: number, hashLength: number): string {
    const name = host.replaceAll("-", "--").replaceAll(".", "-").replace(/^[*]-/, "any---");
    if (name.length <= most) {
        return name;
    }
    const hash = createHash("sha256").update(host).digest("hex").slice(0, hashLength);
    return `${name.slice(0, most - hashLength - 1)}-${hash}`;
}

/** Refuses names that Kubernetes does not accept as a namespace or a label value (RFC 1123 label). */
export function validateLabel(path: string, value: string, what: string): Violation[] {
    const expected = "1 to 63 lower-case letters, digits and inner hyphens";
    return DNS_LABEL.test(value) ? [] : [noName(path, value, what, expected)];
}

const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Refuses an empty set of labels, which selects everything, and invalid keys and values. */
export function validateLabels(path: string, labels: Record<string, string>): Violation[] {
    const entries = Object.entries(labels);
    if (entries.length === 0) {
        return [
            {
                path,
                problem: "is empty, so it selects every pod",
                expected: "at least one label",
                fix: "Set the pods' labels, or remove the setting to select all pods of the namespace",
            },
        ];
    }
    return entries.flatMap(([key, value]) => {
        const [name, domain] = key.split("/").reverse();
        const known = LABEL_NAME.test(name) && (domain === undefined || DNS_SUBDOMAIN.test(domain));
        return known && key.split("/").length <= 2 && (value === "" || LABEL_NAME.test(value))
            ? []
            : [
                  {
                      path: `${path}[${JSON.stringify(key)}]`,
                      value,
                      problem: "is not a valid label",
                      expected:
                          "a key such as app.kubernetes.io/name, and a value of up to 63 letters, digits, hyphens, dots and underscores",
                      fix: "Copy the label from the pods",
                  },
              ];
    });
}

/** Refuses names that Kubernetes does not accept for a service (RFC 1035 label). */
export function validateServiceName(path: string, value: string, what: string): Violation[] {
    const expected = "1 to 63 lower-case letters, digits and inner hyphens, starting with a letter";
    return SERVICE_NAME.test(value) ? [] : [noName(path, value, what, expected)];
}

function noName(path: string, value: string, what: string, expected: string): Violation {
    return { path, value, problem: `is not a valid name for ${what}`, expected, fix: "Choose another name" };
}

const CA_ONLY = "-cacert";

/**
 * Name under which Istio looks for a credential's CA in a separate secret. It takes precedence over `ca.crt` in the
 * credential itself.
 */
export function caOnlySecret(name: string): string {
    return `${name}${CA_ONLY}`;
}

/** Refuses names that the gateway would not find, or would mistake for another secret. */
export function validateSecretName(path: string, name: string): Violation[] {
    if (name.endsWith(CA_ONLY)) {
        return [
            {
                path,
                value: name,
                problem: "ends in -cacert, which Istio reads as the CA-only companion of another credential",
                expected: "a secret name without that ending",
                fix: `Name it ${JSON.stringify(name.slice(0, -CA_ONLY.length) || "partner-client")}`,
            },
        ];
    }
    if (name.length > MAX_NAME_LENGTH || !DNS_SUBDOMAIN.test(name)) {
        return [
            {
                path,
                value: name,
                problem: "is not a valid name for a Kubernetes secret",
                expected: "1 to 253 lower-case letters, digits, hyphens and dots",
                fix: "Choose another name",
            },
        ];
    }
    return [];
}
