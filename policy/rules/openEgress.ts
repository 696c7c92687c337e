import { Fields, fields, list, text } from "../../review/fields";
import { describeRef, objectRef } from "../../review/rawObject";
import { groupOf } from "../../review/objects/kinds";
import { Violation } from "../../plan/shared/violation";
import { UNKNOWN } from "../known";
import { ResourceRule } from "../resourcePolicy";

/** A range with `except` is taken: whoever writes one has drawn a line. So is a policy that the configuration names. */
export const openEgress: ResourceRule = {
    id: "open-egress",
    title: "A NetworkPolicy opens egress to every address.",
    why: "The pods that it selects reach the outside past the gateway, whatever other policies say: policies add up.",
    level: "mandatory",
    configSchema: {
        properties: {
            allowed: {
                type: "array",
                items: { type: "string" },
                description: "NetworkPolicies that may be open, as namespace/name: the gateway's own. Default: none.",
            },
        },
    },
    find: (object, { allowed }) => {
        const ref = objectRef(object);
        const isMeant = object.kind === "NetworkPolicy" && groupOf(object) === "networking.k8s.io";
        if (!isMeant || list(allowed).includes(`${ref.namespace}/${ref.name}`)) {
            return [];
        }
        return list(fields(object.spec).egress).flatMap((rule, index) =>
            rule === UNKNOWN ? [] : openPeers(`spec.egress[${index}]`, fields(rule), describeRef(ref)),
        );
    },
};

function openPeers(path: string, { to }: Fields, policy: string): Violation[] {
    const mend = {
        expected: "the gateway, the cluster's DNS and whatever else the pods need, by selector or range",
        fix: `Name the peers in to, or put the policy on the list of those that may be open: ${policy}`,
    };
    if (to === undefined || to === null || (Array.isArray(to) && to.length === 0)) {
        return [{ path: `${path}.to`, problem: "is empty, which opens the rule to every address", ...mend }];
    }
    return list(to).flatMap((peer, index) => {
        const block = fields(fields(peer).ipBlock);
        const cidr = text(block.cidr);
        const isOpen = cidr?.endsWith("/0") && block.except !== UNKNOWN && list(block.except).length === 0;
        const at = `${path}.to[${index}].ipBlock.cidr`;
        return isOpen ? [{ path: at, value: cidr, problem: "is every address there is", ...mend }] : [];
    });
}
