import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../groupBy";
import { Audiences, Exported } from "../visibility";
import { DestinationRule, Subset } from "../objects/destinationRule";
import { ObjectRef, describeRef } from "../rawObject";
import { remembered } from "../remembered";
import { Rule, RuleFinding, finding } from "../rule";

/** Rules of different namespaces are not compared: there the order is Istio's own, and documented. */
export const destinationRuleTwice: Rule = {
    id: "destination-rule-twice",
    title: "Two DestinationRules of one namespace set different policies for the same host.",
    why: "Istio merges only subsets. It ignores the policy of the newer rule, including its TLS settings.",
    severity: "mandatory",
    find: ({ destinationRules }) => {
        const sameHost = groupBy(destinationRules, ({ host, ref, workloadSelector }) => {
            const selector = workloadSelector && JSON.stringify(Object.entries(workloadSelector).sort());
            return `${ref.namespace} ${host} ${selector ?? ""}`;
        });
        return [...sameHost.values()].filter((rules) => rules.length > 1).flatMap(twice);
    },
};

function twice(rules: DestinationRule[]): RuleFinding[] {
    const withPolicy = new Audiences<DestinationRule>();
    const withSubset = new Map<string, Audiences<OwnedSubset>>();
    return rules.flatMap((rule) => {
        const found = [
            ...policyTwice(rule, withPolicy),
            ...rule.subsets.flatMap((one) => subsetTwice(rule, one, withSubset)),
        ];
        if (rule.trafficPolicy) {
            withPolicy.add(rule);
        }
        for (const subset of rule.subsets) {
            const owners = remembered(withSubset, subset.name, () => new Audiences<OwnedSubset>());
            owners.add({ ref: rule.ref, exportTo: rule.exportTo, subset });
        }
        return found;
    });
}

interface OwnedSubset extends Exported {
    ref: ObjectRef;
    subset: Subset;
}

function policyTwice(rule: DestinationRule, before: Audiences<DestinationRule>): RuleFinding[] {
    const policy = rule.trafficPolicy;
    const first =
        policy && before.meeting(rule).find((other) => !isDeepStrictEqual(other.trafficPolicy?.raw, policy.raw));
    return first
        ? [
              finding(rule, {
                  path: "spec.trafficPolicy",
                  problem: `may be ignored, because ${describeRef(first.ref)} has one for ${rule.host} too`,
                  expected: "one trafficPolicy per host and namespace",
                  fix: "Merge both into one rule; only subsets can be in several rules",
              }),
          ]
        : [];
}

function subsetTwice(
    rule: DestinationRule,
    { name, path, raw }: Subset,
    before: Map<string, Audiences<OwnedSubset>>,
): RuleFinding[] {
    const first = before
        .get(name)
        ?.meeting(rule)
        .find(({ ref, subset }) => ref !== rule.ref && !isDeepStrictEqual(subset.raw, raw));
    return first
        ? [
              finding(rule, {
                  path: `${path}.name`,
                  value: name,
                  problem: `is already a subset of ${describeRef(first.ref)}, and Istio keeps only one of the two`,
                  expected: "a unique name for each subset of a host",
                  fix: "Rename one of the two",
              }),
          ]
        : [];
}
