import { unboundGateways } from "../mesh/unboundGateways";
import { Rule, finding } from "../rule";

/** Advisory, because the Gateway may be in another program or file. */
export const gatewayNotFound: Rule = {
    id: "gateway-not-found",
    title: "A VirtualService refers to a Gateway that is not among the objects.",
    why: "If it is not in the cluster either, the gateway has no listener for the route, and calls are refused.",
    severity: "advisory",
    find: (mesh) => {
        const unbound = unboundGateways(mesh);
        const names = new Set(unbound.length > 0 ? mesh.gateways.map(({ ref }) => ref.name) : []);
        return unbound
            .filter(({ id }) => !names.has(id.slice(id.indexOf("/") + 1)))
            .map(({ service, path, written, id }) =>
                finding(service, {
                    path,
                    value: written,
                    problem: `refers to Gateway ${id}, which is not among the objects`,
                    expected: "a Gateway that exists, as namespace/name if it is in another namespace",
                    fix: "Correct the name, or review the Gateway's file together with this one",
                }),
            );
    },
};
