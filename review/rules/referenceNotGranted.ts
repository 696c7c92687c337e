import { Fields, fields, has, list, text } from "../fields";
import { Mesh } from "../mesh/mesh";
import { ROUTE_KINDS } from "../objects/gatewayApiRoute";
import { GATEWAY_API } from "../objects/kinds";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

/** Advisory, because the grant may be in another program or file. */
export const referenceNotGranted: Rule = {
    id: "reference-not-granted",
    title: "A route of the Gateway API leads to a Service of another namespace, and no ReferenceGrant there allows it.",
    why: "Istio does not follow the reference, and every call on the route gets 500.",
    severity: "advisory",
    find: (mesh) =>
        ROUTE_KINDS.flatMap((kind) => mesh.ofKind(GATEWAY_API, kind)).flatMap((route) =>
            list(fields(route.spec).rules).flatMap((rule, index) =>
                list(fields(rule).backendRefs).flatMap((backend, position) =>
                    reviewBackend(mesh, route, fields(backend), `spec.rules[${index}].backendRefs[${position}]`),
                ),
            ),
        ),
};

function reviewBackend(mesh: Mesh, route: RawObject, backend: Fields, path: string): RuleFinding[] {
    const ref = objectRef(route);
    const namespace = text(backend.namespace);
    const isService = (text(backend.group) ?? "") === "" && (text(backend.kind) ?? "Service") === "Service";
    const isElsewhere = namespace !== undefined && namespace !== ref.namespace;
    if (!isElsewhere || !isService || isGranted(mesh, route, namespace, text(backend.name))) {
        return [];
    }
    return [
        finding(
            { ref },
            {
                path: `${path}.namespace`,
                value: namespace,
                problem: `is another namespace, and no ReferenceGrant there allows ${route.kind}s of namespace ${ref.namespace}`,
                expected: "a ReferenceGrant in the Service's namespace",
                fix: `Add a ReferenceGrant in namespace ${namespace} from { group: ${GATEWAY_API}, kind: ${route.kind}, namespace: ${ref.namespace} } to { group: "", kind: Service }`,
            },
        ),
    ];
}

function isGranted(mesh: Mesh, route: RawObject, namespace: string, name: string | undefined): boolean {
    return mesh.ofKind(GATEWAY_API, "ReferenceGrant").some((grant) => {
        const { from, to } = fields(grant.spec);
        return (
            objectRef(grant).namespace === namespace &&
            list(from)
                .map(fields)
                .some((one) => one.kind === route.kind && one.namespace === objectRef(route).namespace) &&
            list(to)
                .map(fields)
                .some((one) => one.kind === "Service" && (!has(one, "name") || one.name === name))
        );
    });
}
