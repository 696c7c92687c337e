import { caSecretName, findSecret, hasCa } from "../mesh/credentials";
import { Rule, finding } from "../rule";

/** Silent where the credential's own secret has no CA: then the companion is its rightful source. */
export const strayCaSecret: Rule = {
    id: "stray-ca-secret",
    title: "A secret <name>-cacert stands beside a credential <name> that has a CA of its own.",
    why: "Istio takes the CA from the companion first, so a forgotten one decides which servers are trusted.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.credentialUses.flatMap(({ name, namespace }) => {
            const own = findSecret(mesh, namespace, name);
            const stray = findSecret(mesh, namespace, caSecretName(name));
            return own && stray && hasCa(own)
                ? [
                      finding(stray, {
                          path: "metadata.name",
                          value: stray.ref.name,
                          problem: `takes the place of the CA in secret ${name}`,
                          expected: "the CA of a credential in one place",
                          fix: "Delete it, or remove the CA from the other",
                      }),
                  ]
                : [];
        }),
};
