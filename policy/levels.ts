import { EnforcementLevel } from "@pulumi/policy";

/** Rules of the review without which calls leave in plaintext, past the gateway, or to a server that nobody verified. */
export const UNPROTECTED = [
    "server-name-unchecked",
    "sidecar-credential",
    "selector-leaves-others",
    "fallback-lost",
    "plaintext-to-gateway",
    "gateway-api-client-certificate",
    "root-namespace-rule",
    "allow-list-under-allow-any",
    "destination-rule-twice",
    "cacert-credential",
    "stray-ca-secret",
    "mixed-credential-keys",
];

export function reviewLevel(rule: string): EnforcementLevel {
    return UNPROTECTED.includes(rule) ? "mandatory" : "advisory";
}
