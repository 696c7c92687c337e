import { coverEverything, reachesInternet } from "../addresses";
import { Fields, fields, list, number, text, textMap, texts } from "../fields";
import { Mesh } from "../mesh/mesh";
import { RawObject, describeRef, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";
import { Violation } from "../../plan/shared/violation";

/** DNS, and istiod's own ports: who opens no others does not open the way to a partner. */
const HARMLESS_PORTS = [53, 5353, 15008, 15010, 15012, 15014, 15017];
const HARMLESS_NAMES = ["dns", "dns-tcp", "dns-udp"];

/**
 * Silent about policies for the pods of a gateway, which have to reach the outside, and about those that the options
 * allow. Other kinds of network policies are not read.
 */
export const openEgress: Rule = {
    id: "open-egress",
    title: "A NetworkPolicy opens egress to the internet.",
    why: "The pods that it selects reach the outside past the gateway, whatever other policies say: policies add up.",
    severity: "mandatory",
    find: (mesh) =>
        mesh
            .ofKind("networking.k8s.io", "NetworkPolicy")
            .filter((object) => !isAllowed(mesh, object))
            .flatMap((object) => reviewPolicy(object)),
};

function isAllowed(mesh: Mesh, object: RawObject): boolean {
    const { namespace, name } = objectRef(object);
    return (
        (mesh.context.openPolicies ?? []).includes(`${namespace}/${name}`) ||
        isForGateway(mesh, namespace, textMap(fields(fields(object.spec).podSelector).matchLabels))
    );
}

/** Whether a policy selects the pods of a gateway and no others, as far as the set shows. */
function isForGateway(mesh: Mesh, namespace: string, selector: Record<string, string>): boolean {
    const entries = Object.entries(selector);
    if (entries.length === 0) {
        const others = mesh.workloads.some(
            ({ ref, podLabels }) => ref.namespace === namespace && !isGatewayPod(mesh, Object.entries(podLabels)),
        );
        const shown = [...mesh.gatewayPods.values()].some(
            (pods) => pods.isShown && pods.namespaces.includes(namespace),
        );
        return shown && !others;
    }
    return isGatewayPod(mesh, entries);
}

/** Labels of a gateway's chart, of Istio's own for a Gateway API Gateway, or that a Gateway selects. */
function isGatewayPod({ gateways }: Mesh, labels: [string, string][]): boolean {
    const own = Object.fromEntries(labels);
    return (
        labels.some(
            ([key, value]) =>
                key === "gateway.networking.k8s.io/gateway-name" ||
                (["istio", "app"].includes(key) && /^(istio-?)?(egress|ingress)-?gateway/.test(value)),
        ) ||
        gateways.some(({ selector }) => {
            const wanted = Object.entries(selector);
            return wanted.length > 0 && wanted.every(([key, value]) => own[key] === value);
        })
    );
}

function reviewPolicy(object: RawObject): RuleFinding[] {
    const ref = objectRef(object);
    const spec = fields(object.spec);
    const types = texts(spec.policyTypes);
    if (types.length > 0 && !types.includes("Egress")) {
        return [];
    }
    return list(spec.egress)
        .flatMap((rule, index) => {
            const isRule = typeof rule === "object" && rule !== null;
            return isRule && !isHarmless(fields(rule))
                ? openPeers(`spec.egress[${index}]`, fields(rule), describeRef(ref))
                : [];
        })
        .map((violation) => finding({ ref }, violation));
}

function isHarmless({ ports }: Fields): boolean {
    const all = list(ports).map(fields);
    return (
        all.length > 0 &&
        all.every(({ port, endPort }) => {
            const own = number(port);
            return own === undefined
                ? HARMLESS_NAMES.includes(text(port) ?? "")
                : HARMLESS_PORTS.includes(own) && (endPort === undefined || endPort === own);
        })
    );
}

function openPeers(path: string, { to }: Fields, policy: string): Violation[] {
    const mend = {
        expected: "the gateway, the cluster's DNS and whatever else the pods need, by selector or range",
        fix: `Name the peers in to, or put ${policy} on the list of policies that may be open`,
    };
    if (to === undefined || to === null || (Array.isArray(to) && to.length === 0)) {
        return [{ path: `${path}.to`, problem: "is empty, which opens the rule to every address", ...mend }];
    }
    const blocks = list(to).map((peer) => fields(fields(peer).ipBlock));
    const open = blocks.flatMap(({ cidr, except }, index) => {
        const range = text(cidr);
        const isOpen = range !== undefined && isListed(except) && reachesInternet(range, texts(except));
        const problem =
            texts(except).length > 0
                ? "reaches the internet, because what is excepted is only a part of it"
                : "reaches the internet";
        return isOpen ? [{ path: `${path}.to[${index}].ipBlock.cidr`, value: range, problem, ...mend }] : [];
    });
    const whole = blocks.filter(({ except }) => list(except).length === 0).flatMap(({ cidr }) => text(cidr) ?? []);
    return open.length === 0 && coverEverything(whole)
        ? [{ path: `${path}.to`, problem: "adds up to every address there is", ...mend }]
        : open;
}

/** A value that a preview does not know yet may be any list. */
function isListed(except: unknown): boolean {
    return except === undefined || except === null || Array.isArray(except);
}
