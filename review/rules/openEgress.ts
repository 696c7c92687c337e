import { coverEverything, reachesInternet } from "../addresses";
import { Mesh } from "../mesh/mesh";
import { EgressRule, NetworkPolicy, OutsidePeer } from "../objects/networkPolicy/networkPolicy";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { selects } from "../mesh/labels";
import { Violation } from "../../plan/shared/violation";

/** DNS, and istiod's own ports: who opens no others does not open the way to a partner. */
const HARMLESS_PORTS = [53, 5353, 15008, 15010, 15012, 15014, 15017];
const HARMLESS_NAMES = ["dns", "dns-tcp", "dns-udp"];

/**
 * Reads the NetworkPolicy of Kubernetes, Cilium's and Calico's policies, and AdminNetworkPolicy with its successor
 * ClusterNetworkPolicy; another kind is named as skipped. Silent about policies for the pods of a gateway, which have to
 * reach the outside, and about those that the options allow.
 */
export const openEgress: Rule = {
    id: "open-egress",
    title: "A network policy opens egress to the internet.",
    why: "The pods that it selects can bypass the gateway, whatever other policies allow.",
    severity: "mandatory",
    find: (mesh) => {
        const closing = mesh.networkPolicies.filter(({ deniesRest }) => deniesRest);
        return mesh.networkPolicies
            .filter((policy) => !isAllowed(mesh, policy) && !closing.some((other) => comesFirst(other, policy)))
            .flatMap((policy) =>
                policy.egress
                    .filter((rule) => !isHarmless(rule))
                    .flatMap((rule) => openPeers(rule, describeRef(policy.ref)))
                    .map((violation) => finding(policy, violation)),
            );
    },
};

/** Whether one policy denies the calls of the other's pods before that one is asked. */
function comesFirst(one: NetworkPolicy, { order, selections, namespace }: NetworkPolicy): boolean {
    return (
        one.order !== undefined &&
        one.order.family === order?.family &&
        one.order.position < order.position &&
        (one.namespace === undefined || one.namespace === namespace) &&
        selections.every((labels) => one.selections.some((own) => selects(own, labels)))
    );
}

function isAllowed(mesh: Mesh, { ref, selections, namespace }: NetworkPolicy): boolean {
    const { openPolicies = [] } = mesh.context;
    return (
        openPolicies.includes(`${ref.namespace}/${ref.name}`) ||
        selections.every((labels) => isForGateway(mesh, namespace, labels))
    );
}

/** Whether labels select the pods of a gateway and no others, as far as the set shows. */
function isForGateway(mesh: Mesh, namespace: string | undefined, labels: Record<string, string>): boolean {
    if (Object.keys(labels).length > 0) {
        return isGatewayPod(mesh, labels);
    }
    if (namespace === undefined) {
        return false;
    }
    const others = mesh.workloads.some(
        ({ ref, podLabels }) => ref.namespace === namespace && !isGatewayPod(mesh, podLabels),
    );
    const shown = [...mesh.gatewayPods.values()].some((pods) => pods.isShown && pods.namespaces.includes(namespace));
    return shown && !others;
}

/** Labels of a gateway's chart, of Istio's own for a Gateway API Gateway, or that a Gateway selects. */
function isGatewayPod({ gateways }: Mesh, labels: Record<string, string>): boolean {
    return (
        Object.entries(labels).some(
            ([key, value]) =>
                key === "gateway.networking.k8s.io/gateway-name" ||
                (["istio", "app"].includes(key) && /^(istio-?)?(egress|ingress)-?gateway/.test(value)),
        ) || gateways.some(({ selector }) => Object.keys(selector).length > 0 && selects(selector, labels))
    );
}

function isHarmless({ ports }: EgressRule): boolean {
    return (
        ports !== undefined &&
        ports.every(({ number, end, name }) =>
            number === undefined
                ? HARMLESS_NAMES.includes(name ?? "")
                : HARMLESS_PORTS.includes(number) && (end === undefined || end === number),
        )
    );
}

function openPeers({ path, peers }: EgressRule, policy: string): Violation[] {
    const remedy = {
        expected: "the gateway, the cluster's DNS and other required peers, by selector or range",
        fix: `Name the peers, or add ${policy} to the list of policies that may be open`,
    };
    if (peers === undefined) {
        return [{ path, problem: "names no peer, which opens the rule to every address", ...remedy }];
    }
    const open = peers.filter(isOpen).map(({ path: at, value, except }) => ({
        path: at,
        value,
        problem:
            except.length > 0
                ? "allows the internet, because the exceptions cover only a part of it"
                : "allows the internet",
        ...remedy,
    }));
    const whole = peers.filter(({ except }) => except.length === 0).flatMap(({ cidr }) => cidr ?? []);
    return open.length === 0 && coverEverything(whole)
        ? [{ path, problem: "covers every address together with the other ranges", ...remedy }]
        : open;
}

function isOpen({ cidr, except }: OutsidePeer): boolean {
    return cidr === undefined || reachesInternet(cidr, except);
}
