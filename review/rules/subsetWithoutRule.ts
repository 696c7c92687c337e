import { subsetUses } from "../mesh/subsetUses";
import { Rule, finding } from "../rule";

/** Advisory, because the rule may be in another program or file. */
export const subsetWithoutRule: Rule = {
    id: "subset-without-rule",
    title: "A route's destination is a subset of a host for which no DestinationRule is among the objects.",
    why: "If the cluster has none either, every call on the route gets 503.",
    severity: "advisory",
    find: (mesh) =>
        subsetUses(mesh)
            .filter(({ rules }) => rules.length === 0)
            .map(({ route, destination, subset }) =>
                finding(route, {
                    path: `${destination.path}.subset`,
                    value: subset,
                    problem: `is a subset of ${destination.host}, for which no DestinationRule is among the objects`,
                    expected: "a DestinationRule that defines the subset",
                    fix: "Add the rule, or review its file together with this one",
                }),
            ),
};
