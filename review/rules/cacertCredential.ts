import { Rule, finding } from "../rule";

export const cacertCredential: Rule = {
    id: "cacert-credential",
    title: "The credential of mutual TLS has a name that ends in -cacert.",
    why: "Istio reads such names as the CA-only companion of another credential, and sends no client certificate.",
    severity: "mandatory",
    find: ({ destinationRules }) =>
        destinationRules.flatMap((rule) =>
            rule.allTls
                .filter(({ mode, credentialName }) => mode === "MUTUAL" && credentialName?.endsWith("-cacert"))
                .map(({ path, credentialName }) =>
                    finding(rule, {
                        path: `${path}.credentialName`,
                        value: credentialName,
                        problem: "ends in -cacert, which Istio reads as the CA-only companion of another credential",
                        expected: "a secret with the client certificate, under a name without that ending",
                        fix: "Rename the secret and the credentialName",
                    }),
                ),
        ),
};
