import { HTTPS_PORT, HTTP_PORT } from "../../plan/shared/ports";
import { fields, list, text, textMap, texts } from "../../review/fields";
import { covers } from "../../review/hosts";
import { RawObject, describeRef, objectRef } from "../../review/rawObject";
import { firstOf } from "../firstOf";
import { BlockingPolicy, Peer, blockingPolicies } from "./networkPolicies";
import { PodState, Snapshot, Step } from "./snapshot";

const TITLE = "NetworkPolicies allow the call";
const MOST_NAMED = 3;

/** What NetworkPolicies let through between the caller and the gateway, and from there on. */
export function networkStep(snapshot: Snapshot): Step {
    const { objects, caller, gateway } = snapshot;
    const policies = objects.filter(isPolicy);
    const [pod] = gateway?.pods ?? [];
    if (!gateway || !pod) {
        return gateway === undefined && caller?.pod
            ? (direct(snapshot, policies, caller.pod) ?? { ...unchecked(objects), title: TITLE })
            : { title: TITLE, result: "unknown", seen: "The call uses no gateway that was found." };
    }
    const atGateway = peerOf(objects, pod);
    const [blocked] = caller?.pod
        ? blockingPolicies(policies, peerOf(objects, caller.pod), atGateway, gateway.podPort)
        : [];
    if (blocked) {
        const from = `from namespace ${caller?.pod?.namespace} to the gateway's port ${gateway.podPort}`;
        const allow = `allow it there: ${blocked.direction} for port ${gateway.podPort}`;
        return wrong(
            blocked,
            `${blocked.direction} ${from}: the call gets no answer at all`,
            `Add the caller's namespace to the allowFrom of one of the lockdown's routes, or to the lockdown's namespaces, and run: pulumi up; in a policy that is written by hand, ${allow}`,
        );
    }
    const port = portOf(gateway.proxy, snapshot) ?? HTTPS_PORT;
    const [onward] = isInCluster(snapshot) ? [] : blockingPolicies(policies, atGateway, undefined, port);
    if (onward) {
        return wrong(
            onward,
            `egress from the gateway to port ${port}`,
            "Add the partner's range to gatewayEgress of the EgressLockdown, and run: pulumi up; in a policy that is written by hand, allow it there",
        );
    }
    return { ...unchecked(objects), title: TITLE };
}

function isPolicy({ kind, apiVersion }: RawObject): boolean {
    return kind === "NetworkPolicy" && apiVersion.startsWith("networking.k8s.io/");
}

/** A call that goes past every gateway. */
function direct(snapshot: Snapshot, policies: RawObject[], pod: PodState): Step | undefined {
    const port = portOf(snapshot.caller?.proxy, snapshot) ?? snapshot.question.port;
    const [blocked] = isInCluster(snapshot)
        ? []
        : blockingPolicies(policies, peerOf(snapshot.objects, pod), undefined, port);
    return (
        blocked &&
        wrong(
            blocked,
            `egress from namespace ${pod.namespace} to port ${port} outside of the cluster, and the call uses no gateway`,
            "Route the host through the gateway with an EgressRoute; or allow the partner's range in the policy",
        )
    );
}

function wrong({ policies }: BlockingPolicy, what: string, fix: string): Step {
    return {
        title: TITLE,
        result: "wrong",
        seen: `${policies.join(", ")} ${policies.length === 1 ? "does" : "do"} not allow ${what}.`,
        fix,
        command: `kubectl get networkpolicy -n ${policies[0].replace("/", " ")} -o yaml`,
    };
}

/** Nothing blocks the call, as far as Kubernetes' own policies say. */
function unchecked(objects: RawObject[]): Pick<Step, "result" | "seen"> {
    const others = objects.filter((object) => object.kind.endsWith("NetworkPolicy") && !isPolicy(object));
    const seen = objects.some(isPolicy) ? "None of them blocks the call." : "There are no NetworkPolicies.";
    if (others.length === 0) {
        return { result: "right", seen };
    }
    const named = others.map((object) => describeRef(objectRef(object)));
    return {
        result: "unknown",
        seen: `${seen} Not checked, because they are of other kinds: ${firstOf(named, MOST_NAMED)}.`,
    };
}

function portOf(proxy: NonNullable<Snapshot["gateway"]>["proxy"], { question }: Snapshot): number | undefined {
    return proxy?.clusterOf(`outbound|${question.isTls ? HTTPS_PORT : HTTP_PORT}||${question.host}`)?.port || undefined;
}

/** Whether the route dials a service of the cluster, to which other rules of a policy apply. */
function isInCluster({ objects, question }: Snapshot): boolean {
    return objects.some(
        ({ kind, spec }) =>
            kind === "ServiceEntry" &&
            texts(fields(spec).hosts).some((one) => covers(one, question.host)) &&
            list(fields(spec).endpoints).some((one) => /\.svc(\.|$)/.test(text(fields(one).address) ?? "")),
    );
}

function peerOf(objects: RawObject[], { namespace, labels }: PodState): Peer {
    const found = objects.find((object) => object.kind === "Namespace" && objectRef(object).name === namespace);
    return {
        namespace,
        podLabels: labels,
        namespaceLabels: { "kubernetes.io/metadata.name": namespace, ...textMap(fields(found?.metadata).labels) },
    };
}
