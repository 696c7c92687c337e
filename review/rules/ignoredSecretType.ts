import { caSecretName, findSecret } from "../mesh/credentials";
import { Rule, finding } from "../rule";

/** The types that istiod 1.31 does not watch (SecretsFieldSelector in its source). */
const IGNORED = ["helm.sh/release.v1", "kubernetes.io/service-account-token"];

export const ignoredSecretType: Rule = {
    id: "ignored-secret-type",
    title: "A credential's secret has a type that istiod does not watch.",
    why: "Proxies never get the credential. Every call gets a 503 without a reason.",
    severity: "advisory",
    find: (mesh) =>
        mesh.credentialUses
            .flatMap(({ name, namespace }) => [name, caSecretName(name)].map((one) => findSecret(mesh, namespace, one)))
            .flatMap((secret) =>
                secret && IGNORED.includes(secret.type)
                    ? [
                          finding(secret, {
                              path: "type",
                              value: secret.type,
                              problem: "is a secret type from which istiod does not read credentials",
                              expected: "kubernetes.io/tls or Opaque",
                              fix: "Create the credential as a secret of type kubernetes.io/tls",
                          }),
                      ]
                    : [],
            ),
};
