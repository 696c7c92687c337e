import { createHash } from "node:crypto";
import { Violation } from "./violation";

const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const SERVICE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * The Kubernetes name of what belongs to a host: `api.partner.example` -> `api-partner-example`.
 *
 * Named after the host so that two stacks that claim one host collide at the API server. No two hosts share a name:
 * a hyphen is doubled, a dot becomes a single one, and in a DNS name a hyphen is never beside a dot. Only a very long
 * host with many hyphens grows past what Kubernetes takes, and ends in a hash of itself instead. The three hyphens of a
 * wildcard's name (`*.partner.example` -> `any---partner-example`) are in no other.
 */
export function hostObjectName(host: string): string {
    return cut(host, MAX_NAME_LENGTH, 64);
}

/** The same where Istio takes a label only: the name of a Gateway or of a subset. */
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

/** Refuses what Kubernetes does not take as a namespace or a label value (RFC 1123 label). */
export function validateLabel(path: string, value: string, what: string): Violation[] {
    const expected = "1 to 63 lower-case letters, digits and inner hyphens";
    return DNS_LABEL.test(value) ? [] : [noName(path, value, what, expected)];
}

const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Refuses an empty set of labels, which selects everything, and keys and values that no label has. */
export function validateLabels(path: string, labels: Record<string, string>): Violation[] {
    const entries = Object.entries(labels);
    if (entries.length === 0) {
        return [
            {
                path,
                problem: "has no label, so it selects every pod",
                expected: "at least one label",
                fix: "Name the pods' labels, or leave it out for all pods of the namespace",
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
                      problem: "is not a label that a pod can have",
                      expected:
                          "a key such as app.kubernetes.io/name, and a value of up to 63 letters, digits, hyphens, dots and underscores",
                      fix: "Copy the label from the pods",
                  },
              ];
    });
}

/** Refuses what Kubernetes does not take as the name of a service (RFC 1035 label). */
export function validateServiceName(path: string, value: string, what: string): Violation[] {
    const expected = "1 to 63 lower-case letters, digits and inner hyphens, a letter first";
    return SERVICE_NAME.test(value) ? [] : [noName(path, value, what, expected)];
}

function noName(path: string, value: string, what: string, expected: string): Violation {
    return { path, value, problem: `is no name for ${what}`, expected, fix: "Choose another name" };
}

const CA_ONLY = "-cacert";

/** The name by which Istio finds a credential that is a CA and nothing else. It wins over `ca.crt` of the other. */
export function caOnlySecret(name: string): string {
    return `${name}${CA_ONLY}`;
}

/** Refuses names that the gateway would not find, or would take for something else, as a credential's secret. */
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
                problem: "is no name for a Kubernetes secret",
                expected: "1 to 253 lower-case letters, digits, hyphens and dots",
                fix: "Choose another name",
            },
        ];
    }
    return [];
}
