import { groupBy } from "../groupBy";
import { selects } from "../mesh/labels";
import { Mesh } from "../mesh/mesh";
import { namespacesOfGateway } from "../mesh/transports";
import { Gateway } from "../objects/gateway";
import { Workload } from "../objects/workload";
import { describeRef } from "../rawObject";
import { remembered } from "../remembered";
import { Rule, RuleFinding, finding } from "../rule";

/**
 * Advisory, because the workload may be in another program or file. Silent where no gateway's workload is in the namespace of the Gateway, or
 * to which its routes lead, and where a Service selects the same pods.
 */
export const gatewayWithoutPods: Rule = {
    id: "gateway-without-pods",
    title: "A Gateway's selector matches no workload, not even the gateway's in its namespace.",
    why: "If no other pod has the labels, nothing listens for the Gateway, and every call to it is refused.",
    severity: "advisory",
    find: (mesh) => {
        const beside = groupBy(mesh.workloads.filter(isGateway), ({ ref }) => ref.namespace);
        const answered = new Map<string, boolean>();
        const hasPods = (gateway: Gateway) =>
            remembered(answered, JSON.stringify(gateway.selector), () => isSelecting(mesh, gateway));
        return mesh.gateways
            .filter(({ podNamespace }) => podNamespace === undefined)
            .flatMap((gateway) => {
                const [shown] = namespacesOfGateway(mesh, gateway.id).flatMap((name) => beside.get(name) ?? []);
                return shown === undefined || hasPods(gateway) ? [] : [unselected(gateway, shown)];
            });
    },
};

function unselected(gateway: Gateway, { ref, podLabels }: Workload): RuleFinding {
    return finding(gateway, {
        path: "spec.selector",
        problem: `selects ${written(gateway.selector)}, which no workload among the objects has; ${describeRef(ref)} has ${written(podLabels)}`,
        expected: "labels of the gateway's pods",
        fix: "Correct the selector, or review the gateway's workload together with this Gateway",
    });
}

/** Whether the pods are a gateway's: of Istio's charts, or injected as such. */
function isGateway({ podLabels, podAnnotations }: Workload): boolean {
    return (
        (podLabels.istio ?? "").endsWith("gateway") ||
        (podAnnotations["inject.istio.io/templates"] ?? "").split(",").includes("gateway")
    );
}

function isSelecting({ workloads, services }: Mesh, { selector }: Gateway): boolean {
    return (
        workloads.some(({ podLabels }) => selects(selector, podLabels)) ||
        services.some((service) => selects(selector, service.selector))
    );
}

function written(labels: Record<string, string>): string {
    return Object.entries(labels)
        .map(([key, value]) => `${key}: ${value}`)
        .join(", ");
}
