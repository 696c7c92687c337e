import { caSecretName, findSecret } from "../mesh/credentials";
import { Rule, RuleFinding, finding } from "../rule";

/** Silent where the set holds no secret of the name, or where the one that it holds is somebody else's credential. */
export const credentialElsewhere: Rule = {
    id: "credential-elsewhere",
    title: "A credential's secret is in another namespace than the proxy that needs it.",
    why: "istiod looks only in the proxy's own namespace. Every call gets a 503 without a reason.",
    severity: "advisory",
    find: (mesh) => {
        const uses = mesh.credentialUses;
        const used = new Set(uses.map(({ namespace, name }) => `${namespace}/${name}`));
        return uses.flatMap(({ tls, name, namespace }): RuleFinding[] => {
            const names = tls.mode === "SIMPLE" ? [name, caSecretName(name)] : [name];
            if (names.some((one) => findSecret(mesh, namespace, one))) {
                return [];
            }
            const elsewhere = names
                .flatMap((one) => mesh.secretsByName.get(one) ?? [])
                .find(({ ref }) => !used.has(`${ref.namespace}/${name}`));
            return elsewhere
                ? [
                      finding(tls, {
                          path: `${tls.path}.credentialName`,
                          value: tls.credentialName,
                          problem: `is a secret in namespace ${elsewhere.ref.namespace}, but the proxies that need it run in ${namespace}`,
                          expected: `a secret in namespace ${namespace}`,
                          fix: `Create the secret in namespace ${namespace}`,
                      }),
                  ]
                : [];
        });
    },
};
