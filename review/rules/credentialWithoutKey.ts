import { findSecret } from "../mesh/credentials";
import { Secret } from "../objects/secret";
import { Rule, finding } from "../rule";

const PAIRS = [
    ["tls.crt", "tls.key"],
    ["cert", "key"],
];

/** Silent where the set does not hold the secret, and where that has no data at all: something else may fill it. */
export const credentialWithoutKey: Rule = {
    id: "credential-without-key",
    title: "The credential of mutual TLS has no client certificate, or no private key.",
    why: "istiod does not send such a credential to the gateway. Every call gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.credentialUses
            .filter(({ tls }) => tls.mode === "MUTUAL")
            .flatMap(({ name, namespace }) => {
                const secret = findSecret(mesh, namespace, name);
                return secret && secret.keys.length > 0 && !hasPair(secret)
                    ? [
                          finding(secret, {
                              path: "data",
                              problem:
                                  "has no client certificate with its private key, but a rule uses it with mode MUTUAL",
                              expected: "the keys tls.crt and tls.key",
                              fix: "Add the client certificate as tls.crt and its key as tls.key",
                          }),
                      ]
                    : [];
            }),
};

function hasPair({ keys }: Secret): boolean {
    return PAIRS.some((pair) => pair.every((key) => keys.includes(key)));
}
