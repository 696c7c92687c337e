import { isDeepStrictEqual } from "node:util";
import { DestinationRule } from "../objects/destinationRule";
import { describeRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";
import { Scene } from "../scene";
import { isVisible } from "../visibility";

/** Rules of different namespaces are not compared: there the order is Istio's own, and documented. */
export const destinationRuleTwice: Rule = {
    id: "destination-rule-twice",
    title: "Two DestinationRules of one namespace set different policies for the same host.",
    why: "Istio merges subsets only; the policy of the newer rule, its TLS settings too, is ignored.",
    find: (scene) =>
        scene.destinationRules.flatMap((rule, index) => {
            const others = scene.destinationRules
                .slice(0, index)
                .filter((other) => isSameHost(rule, other) && meet(scene, rule, other));
            return [...policyTwice(rule, others), ...subsetTwice(rule, others)];
        }),
};

function isSameHost(one: DestinationRule, other: DestinationRule): boolean {
    return (
        one.host === other.host &&
        one.ref.namespace === other.ref.namespace &&
        isDeepStrictEqual(one.workloadSelector, other.workloadSelector)
    );
}

function meet({ namespaces }: Scene, one: DestinationRule, other: DestinationRule): boolean {
    return namespaces.some((namespace) =>
        [one, other].every(({ ref, exportTo }) => isVisible(exportTo, ref.namespace, namespace)),
    );
}

function policyTwice(rule: DestinationRule, others: DestinationRule[]): RuleFinding[] {
    const first = others.find(
        ({ trafficPolicy }) => trafficPolicy && !isDeepStrictEqual(trafficPolicy.raw, rule.trafficPolicy?.raw),
    );
    return first && rule.trafficPolicy
        ? [
              finding(rule, {
                  path: "spec.trafficPolicy",
                  problem: `may be ignored, because ${describeRef(first.ref)} has one for ${rule.host} too`,
                  expected: "one trafficPolicy for a host in a namespace",
                  fix: "Put both into one rule; only subsets can be in several",
              }),
          ]
        : [];
}

function subsetTwice(rule: DestinationRule, others: DestinationRule[]): RuleFinding[] {
    return rule.subsets.flatMap(({ name, path, raw }) => {
        const first = others.find(({ subsets }) =>
            subsets.some((other) => other.name === name && !isDeepStrictEqual(other.raw, raw)),
        );
        return first
            ? [
                  finding(rule, {
                      path: `${path}.name`,
                      value: name,
                      problem: `is already a subset of ${describeRef(first.ref)}, and Istio keeps only one of the two`,
                      expected: "another name for each subset of a host",
                      fix: "Rename one of the two",
                  }),
              ]
            : [];
    });
}
