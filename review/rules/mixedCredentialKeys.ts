import { CA_KEYS, caSecretName, findSecret } from "../mesh/credentials";
import { Secret } from "../objects/secret";
import { Rule, RuleFinding, finding } from "../rule";

/** Looks at secrets that a credential names; in any other, the same keys may mean anything. */
export const mixedCredentialKeys: Rule = {
    id: "mixed-credential-keys",
    title: "A credential's secret mixes the key names of two formats.",
    why: "Istio reads either cert, key, cacert and crl, or tls.crt, tls.key, ca.crt and ca.crl. It drops keys of the other format, such as a revocation list.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.credentialUses
            .flatMap(({ name, namespace }) => [name, caSecretName(name)].map((one) => findSecret(mesh, namespace, one)))
            .flatMap((secret) => (secret ? [...droppedCrl(secret), ...twice(secret)] : [])),
};

function droppedCrl(secret: Secret): RuleFinding[] {
    const used = CA_KEYS.find(({ ca }) => secret.keys.includes(ca));
    const dropped = CA_KEYS.find(({ crl }) => secret.keys.includes(crl) && crl !== used?.crl);
    return used && dropped
        ? [
              finding(secret, {
                  path: "data",
                  problem: `has the key ${dropped.crl}, which Istio does not read together with ${used.ca}: revocation is not checked`,
                  expected: `the revocation list under ${used.crl}`,
                  fix: `Rename the key ${dropped.crl} to ${used.crl}`,
              }),
          ]
        : [];
}

function twice(secret: Secret): RuleFinding[] {
    const all = (...keys: string[]) => keys.every((key) => secret.keys.includes(key));
    return all("cert", "key", "tls.crt", "tls.key") || all("cacert", "ca.crt")
        ? [
              finding(secret, {
                  path: "data",
                  problem: "has the keys of both formats, and Istio uses cert, key and cacert",
                  expected: "the keys of one format",
                  fix: "Keep tls.crt, tls.key, ca.crt and ca.crl, and remove the others",
              }),
          ]
        : [];
}
