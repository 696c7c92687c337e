import { subsetUses } from "../mesh/subsetUses";
import { Rule, finding } from "../rule";

export const subsetNotInRule: Rule = {
    id: "subset-not-in-rule",
    title: "A route's destination is a subset that none of the host's DestinationRules has.",
    why: "Envoy has no cluster for the subset, and every call on the route gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        subsetUses(mesh)
            .filter(({ rules, known, subset }) => rules.length > 0 && !known.has(subset))
            .map(({ route, destination, subset, rules, known }) =>
                finding(route, {
                    path: `${destination.path}.subset`,
                    value: subset,
                    problem: `is not a subset of any DestinationRule for ${destination.host}`,
                    expected: someOf([...known]),
                    fix: `Add the subset to DestinationRule ${rules[0].ref.namespace}/${rules[0].ref.name}, or remove it from the route`,
                }),
            ),
};

function someOf(subsets: string[]): string {
    return subsets.length === 0 ? "a subset that a rule has" : `one of ${subsets.slice(0, 5).join(", ")}`;
}
