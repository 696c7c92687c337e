import { isIgnoredBySidecars } from "../mesh/credentials";
import { originates } from "../objects/destinationRule";
import { Rule, finding } from "../rule";
import { isPrivate } from "../visibility";

/** A rule of the root namespace that no gateway's route leads to may be meant for the whole mesh, and is left alone. */
export const rootNamespaceRule: Rule = {
    id: "root-namespace-rule",
    title: "A gateway's TLS origination rule is in the mesh's root namespace, and is exported.",
    why: "Rules in the root namespace apply to every sidecar without its own rule: all of them originate TLS and bypass the gateway.",
    severity: "mandatory",
    find: (mesh) => {
        const hosts = mesh.hostsBehindGateways;
        return mesh.destinationRules
            .filter(
                ({ ref, host, exportTo }) =>
                    ref.namespace === mesh.rootNamespace && !isPrivate(exportTo, ref.namespace) && hosts.has(host),
            )
            .flatMap((rule) =>
                rule.allTls
                    .filter((tls) => originates(tls) && !isIgnoredBySidecars(tls))
                    .slice(0, 1)
                    .map(() =>
                        finding(rule, {
                            path: "metadata.namespace",
                            value: rule.ref.namespace,
                            problem: `is the mesh's root namespace, so this rule for ${rule.host} applies to the sidecars of the whole mesh`,
                            expected: "a namespace for the gateway only",
                            fix: 'Move the gateway and its rules to a separate namespace, or at least set exportTo: ["."]',
                        }),
                    ),
            );
    },
};
