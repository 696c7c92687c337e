import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { ResolvedRoute } from "../../plan/egress/route/route";
import { routeObjects } from "../../plan/egress/route/routeEntries";
import { Fields } from "../../report/safe";
import { Step } from "../../report/steps";

/** A route as `plan` makes it. */
export function route(hosts: string[], more: Partial<ResolvedRoute> = {}): KubernetesObject[] {
    const request: ResolvedRoute = {
        mode: "mutualTls",
        hosts,
        allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
        hasGateway: true,
        hasMesh: false,
        hasCredential: true,
        gateway: { name: "egress", namespace: "istio-egress" },
        trustDomain: "cluster.local",
        credential: "partner-a",
        ...more,
    };
    return routeObjects(request);
}

/** What the engine would do to get from some objects to others, those that stay included. */
export function steps(before: KubernetesObject[], after: KubernetesObject[]): Step[] {
    const old = byUrn(before);
    const now = byUrn(after);
    return [...new Set([...old.keys(), ...now.keys()])].map((urn) => {
        const [one, other] = [old.get(urn), now.get(urn)];
        const same = JSON.stringify(one) === JSON.stringify(other);
        return step(!one ? "create" : !other ? "delete" : same ? "same" : "update", urn, one, other);
    });
}

function byUrn(objects: KubernetesObject[]): Map<string, Fields> {
    return new Map(
        objects.map((object) => {
            const { namespace, name } = object.metadata;
            return [urn(`kubernetes:${object.apiVersion}:${object.kind}`, `${namespace}-${name}`), { ...object }];
        }),
    );
}

export function urn(type: string, name: string): string {
    return `urn:pulumi:dev::mesh-egress::${type}::${name}`;
}

export function step(op: string, urn: string, before?: Fields, after?: Fields, outputs: Fields = {}): Step {
    const state = (inputs?: Fields) => inputs && { inputs, outputs };
    return { op, urn, before: state(before), after: state(after), reasons: [] };
}
