import { MESH, VirtualService } from "../objects/virtualService";
import { Rule, RuleFinding, finding } from "../rule";

/** A delegate has no gateways of its own, and is left alone. */
export const matchWithoutGateway: Rule = {
    id: "match-without-gateway",
    title: "A match of a VirtualService names a gateway that the VirtualService is not bound to.",
    why: "Istio never uses the match. If it is the one for mesh, sidecars call the host directly and bypass the gateway.",
    severity: "mandatory",
    find: ({ virtualServices }) => virtualServices.flatMap(reviewService),
};

function reviewService(service: VirtualService): RuleFinding[] {
    const { writtenGateways } = service;
    return service.routes
        .flatMap(({ matches }) => matches)
        .flatMap(({ path, unboundGateways = [] }) =>
            unboundGateways.map((name) =>
                finding(service, {
                    path: `${path}.gateways`,
                    value: name,
                    problem:
                        writtenGateways.length === 0
                            ? "is not mesh, which is all that a VirtualService without spec.gateways is bound to, so Istio never uses the match"
                            : name === MESH
                              ? "is not in spec.gateways, so sidecars never use the match and call the host directly"
                              : "is not in spec.gateways, so that gateway never uses the match",
                    expected: "a gateway of spec.gateways",
                    fix: `Write gateways: [${[...(writtenGateways.length === 0 ? [MESH] : writtenGateways), name].join(", ")}] in spec`,
                }),
            ),
        );
}
