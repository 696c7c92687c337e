import { Mesh } from "../mesh/mesh";
import { Transport } from "../mesh/transports";
import { Exported, isVisible } from "../visibility";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Looks at the namespaces in which the gateway's pods run, where the set shows them; else the Gateway's own is taken, and what is exported
 * to other namespaces by name is left alone: the pods may run there. An entry that is not in the set may be visible.
 */
export const notVisibleAtGateway: Rule = {
    id: "not-visible-at-gateway",
    title: "A host or route of a gateway is not exported to the gateway's namespace.",
    why: "The gateway does not know the host or the route, and answers every call with 503 or 404.",
    severity: "mandatory",
    find: (mesh) => mesh.transports.flatMap((transport) => reviewTransport(mesh, transport)),
};

function reviewTransport(mesh: Mesh, transport: Transport): RuleFinding[] {
    const { service, gateway, destination } = transport;
    const { namespaces, isShown } = mesh.gatewayPods.get(gateway) ?? { namespaces: [], isShown: false };
    const mayBeMeant = ({ ref, exportTo }: Exported) =>
        !isShown && exportTo.some((name) => name !== "~" && name !== "." && name !== ref.namespace);
    return namespaces.flatMap((namespace) => {
        if (!isVisible(service.exportTo, service.ref.namespace, namespace) && !mayBeMeant(service)) {
            return [
                finding(service, {
                    path: "spec.exportTo",
                    problem: `does not export the route to the gateway, whose pods run in namespace ${namespace}`,
                    expected: `the gateway's namespace in exportTo`,
                    fix: `Add ${JSON.stringify(namespace)} to exportTo`,
                }),
            ];
        }
        const entries = mesh.entriesByHost.covering(destination.host);
        const [first] = entries;
        const isKnown = entries.some(({ ref, exportTo }) => isVisible(exportTo, ref.namespace, namespace));
        return first === undefined || isKnown || entries.some(mayBeMeant) || mesh.servicesByHost.has(destination.host)
            ? []
            : [
                  finding(first, {
                      path: "spec.exportTo",
                      problem: `does not export ${destination.host} to the gateway, whose pods run in namespace ${namespace}, so the gateway answers 503`,
                      expected: `the gateway's namespace in exportTo`,
                      fix: `Add ${JSON.stringify(namespace)} to exportTo`,
                  }),
              ];
    });
}
