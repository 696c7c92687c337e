import { Rule, finding } from "../rule";

/**
 * Silent in a mesh that is known to pass on what it does not know, where the Sidecar changes nothing, and in a set that
 * says nothing of external hosts.
 */
export const sidecarAllowAny: Rule = {
    id: "sidecar-allow-any",
    title: "A Sidecar lets its workloads call undeclared hosts.",
    why: "Its outboundTrafficPolicy overrides the mesh's REGISTRY_ONLY: these workloads can call every host and bypass the gateway.",
    severity: "mandatory",
    find: ({ sidecars, serviceEntries, context }) =>
        context.outboundTrafficPolicy === "ALLOW_ANY" ||
        (context.outboundTrafficPolicy === undefined && !serviceEntries.some(({ isExternal }) => isExternal))
            ? []
            : sidecars
                  .filter(({ outboundMode, hasEgressProxy }) => outboundMode === "ALLOW_ANY" && !hasEgressProxy)
                  .map((sidecar) =>
                      finding(sidecar, {
                          path: "spec.outboundTrafficPolicy.mode",
                          value: "ALLOW_ANY",
                          problem: `lets its workloads in namespace ${sidecar.ref.namespace} call every host, whatever the mesh's policy is`,
                          expected: "REGISTRY_ONLY, or no outboundTrafficPolicy",
                          fix: "Set mode: REGISTRY_ONLY, and declare the required hosts",
                      }),
                  ),
};
