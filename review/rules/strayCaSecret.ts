import { caSecretName, findSecret, hasCa } from "../mesh/credentials";
import { Rule, finding } from "../rule";

/**
 * Silent where the credential's own secret has no CA: then the companion is its rightful source. Silent too about a secret of cert-manager,
 * whose CA is that of the client certificate's issuer in any case.
 */
export const strayCaSecret: Rule = {
    id: "stray-ca-secret",
    title: "A secret <name>-cacert exists next to a credential <name> that has its own CA.",
    why: "Istio uses the companion's CA first, so a forgotten companion decides which servers are trusted.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.credentialUses.flatMap(({ name, namespace }) => {
            const own = findSecret(mesh, namespace, name);
            const stray = findSecret(mesh, namespace, caSecretName(name));
            return own && stray && hasCa(own) && !own.isOfCertManager
                ? [
                      finding(stray, {
                          path: "metadata.name",
                          value: stray.ref.name,
                          problem: `overrides the CA in secret ${name}`,
                          expected: "the CA of a credential in one secret only",
                          fix: "Delete it, or remove the CA from the other secret",
                      }),
                  ]
                : [];
        }),
};
