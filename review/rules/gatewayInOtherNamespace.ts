import { groupBy } from "../groupBy";
import { unboundGateways } from "../mesh/unboundGateways";
import { Rule, finding } from "../rule";

export const gatewayInOtherNamespace: Rule = {
    id: "gateway-in-other-namespace",
    title: "A VirtualService refers to a Gateway in the wrong namespace.",
    why: "The route is not bound to the gateway: it has no effect there, and only its part for the mesh is used.",
    severity: "mandatory",
    find: (mesh) => {
        const byName = groupBy(
            mesh.gateways.filter(({ podNamespace }) => podNamespace === undefined),
            ({ ref }) => ref.name,
        );
        return unboundGateways(mesh).flatMap(({ service, path, written, id }) => {
            const meant = byName.get(id.slice(id.indexOf("/") + 1))?.[0]?.ref;
            return meant
                ? [
                      finding(service, {
                          path,
                          value: written,
                          problem: `refers to Gateway ${id}, which does not exist; the Gateway of that name is in namespace ${meant.namespace}`,
                          expected: "namespace/name for a Gateway of another namespace",
                          fix: `Write ${JSON.stringify(`${meant.namespace}/${meant.name}`)} here and in every match`,
                      }),
                  ]
                : [];
        });
    },
};
