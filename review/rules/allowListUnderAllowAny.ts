import { ELSEWHERE, isVisible } from "../visibility";
import { MESH } from "../objects/virtualService";
import { Rule, finding } from "../rule";

/**
 * Needs the mesh's outbound traffic policy. Only hosts that go through a gateway are looked at: there `exportTo` is meant
 * to say who may call; elsewhere it may only keep configuration small.
 */
export const allowListUnderAllowAny: Rule = {
    id: "allow-list-under-allow-any",
    title: "A host that leaves through a gateway is exported to some namespaces only, under ALLOW_ANY.",
    why: "The other namespaces are not refused: their sidecars forward the call directly, bypassing the gateway.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.context.outboundTrafficPolicy !== "ALLOW_ANY"
            ? []
            : mesh.serviceEntries
                  .filter(({ exportTo, ref }) => !isVisible(exportTo, ref.namespace, ELSEWHERE))
                  .filter(({ hosts }) =>
                      hosts.some((host) =>
                          mesh.routesByHost
                              .exact(host)
                              .some(({ gateways }) => gateways.includes(MESH) && gateways.length > 1),
                      ),
                  )
                  .map((entry) =>
                      finding(entry, {
                          path: "spec.exportTo",
                          problem: `does not restrict who calls ${entry.hosts[0]}: other namespaces bypass the gateway, because the mesh forwards calls to undeclared hosts (ALLOW_ANY)`,
                          expected: "a mesh with outboundTrafficPolicy REGISTRY_ONLY",
                          fix: "Set meshConfig.outboundTrafficPolicy.mode to REGISTRY_ONLY",
                      }),
                  ),
};
