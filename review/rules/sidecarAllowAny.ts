import { Rule, finding } from "../rule";

/**
 * Silent in a mesh that is known to pass on what it does not know, where the Sidecar changes nothing, and in a set that
 * says nothing of external hosts.
 */
export const sidecarAllowAny: Rule = {
    id: "sidecar-allow-any",
    title: "A Sidecar lets its workloads call hosts that nobody declared.",
    why: "Its own outboundTrafficPolicy decides, not the mesh's REGISTRY_ONLY: these workloads call whatever they like, past the gateway.",
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
                          problem: `lets the workloads of namespace ${sidecar.ref.namespace} that it is for call every host, whatever the mesh's policy says`,
                          expected: "REGISTRY_ONLY, or no outboundTrafficPolicy",
                          fix: "Set mode: REGISTRY_ONLY, and declare the hosts that are needed",
                      }),
                  ),
};
