import { caSecretName, findSecret, hasCa } from "../mesh/credentials";
import { Rule, finding } from "../rule";

/** Silent where the set does not hold the credential's secret. */
export const credentialWithoutCa: Rule = {
    id: "credential-without-ca",
    title: "A credential has no CA, neither in its own secret nor in <name>-cacert.",
    why: "The system's CAs are not used instead. Every call gets a 503 without a reason.",
    severity: "advisory",
    find: (mesh) =>
        mesh.credentialUses.flatMap(({ name, namespace }) => {
            const secret = findSecret(mesh, namespace, name);
            return secret && !hasCa(secret) && !findSecret(mesh, namespace, caSecretName(name))
                ? [
                      finding(secret, {
                          path: "data",
                          problem: "has no CA to verify the server with",
                          expected: "the key ca.crt",
                          fix: "Add the CA certificates of the partner's servers as ca.crt",
                      }),
                  ]
                : [];
        }),
};
