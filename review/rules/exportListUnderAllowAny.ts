import { MESH } from "../objects/virtualService";
import { Rule, finding } from "../rule";
import { isPrivate } from "../visibility";

/**
 * Needs the mesh's outbound traffic policy. Advisory, because such a list may only be meant to keep the configuration of
 * sidecars small; hosts that go through a gateway are told by allow-list-under-allow-any.
 */
export const exportListUnderAllowAny: Rule = {
    id: "export-list-under-allow-any",
    title: "A host that sidecars call directly is exported to a list of namespaces, under ALLOW_ANY.",
    why: "The list restricts nobody: sidecars in other namespaces forward calls to the host like calls to any other host.",
    severity: "advisory",
    find: (mesh) =>
        mesh.context.outboundTrafficPolicy !== "ALLOW_ANY"
            ? []
            : mesh.serviceEntries
                  .filter(({ isExternal, exportTo, ref }) => isExternal && isList(exportTo, ref.namespace))
                  .filter(
                      ({ hosts }) =>
                          !hosts.some((host) =>
                              mesh.routesByHost
                                  .covering(host)
                                  .some(({ gateways }) => gateways.some((gateway) => gateway !== MESH)),
                          ),
                  )
                  .map((entry) =>
                      finding(entry, {
                          path: "spec.exportTo",
                          value: entry.exportTo.join(", "),
                          problem: `does not restrict who calls ${entry.hosts[0]}, because the mesh forwards calls to undeclared hosts (ALLOW_ANY)`,
                          expected:
                              "a mesh with outboundTrafficPolicy REGISTRY_ONLY, if the list is meant to restrict callers",
                          fix: "Set meshConfig.outboundTrafficPolicy.mode to REGISTRY_ONLY",
                      }),
                  ),
};

/** Whether it names namespaces, and not only everybody, nobody or its own. */
function isList(exportTo: string[], own: string): boolean {
    return exportTo.length > 0 && !exportTo.includes("*") && !exportTo.includes("~") && !isPrivate(exportTo, own);
}
