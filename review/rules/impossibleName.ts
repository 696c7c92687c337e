import { Violation } from "../../plan/shared/violation";
import { fields, text } from "../fields";
import { DestinationRule } from "../objects/destinationRule";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
/** Kinds whose names become a DNS label: of a host, or of a pod's own name. Istio wants one of its Gateways too. */
const LABEL_KINDS = ["Namespace", "Service", "StatefulSet", "Job", "Gateway"];
const LABELS: [path: string, of: (object: RawObject) => unknown][] = [
    ["metadata.labels", ({ metadata }) => fields(metadata).labels],
    ["spec.selector", ({ spec }) => fields(spec).selector],
    ["spec.selector.matchLabels", ({ spec }) => fields(fields(spec).selector).matchLabels],
    ["spec.workloadSelector.matchLabels", ({ spec }) => fields(fields(spec).workloadSelector).matchLabels],
];
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/;

/** Only lengths of names are looked at: what characters a name may have differs by kind, and the API server says so. */
export const impossibleName: Rule = {
    id: "impossible-name",
    title: "A name or label is longer than Kubernetes allows, or a selector has a label that cannot exist.",
    why: "A preview does not detect it: the update fails part-way, and a Gateway whose selector matches no pod receives no calls.",
    severity: "advisory",
    find: ({ objects, destinationRules }) => [
        ...objects.flatMap((object) => [...longName(object), ...badLabels(object)]),
        ...destinationRules.flatMap(longSubsets),
    ],
};

function longSubsets(rule: DestinationRule): RuleFinding[] {
    return rule.subsets
        .filter(({ name }) => name.length > MAX_LABEL_LENGTH)
        .map(({ name, path }) => finding(rule, tooLong(`${path}.name`, name, MAX_LABEL_LENGTH, "subset")));
}

function longName(object: RawObject): RuleFinding[] {
    const name = text(fields(object.metadata).name) ?? "";
    const most = LABEL_KINDS.includes(object.kind) ? MAX_LABEL_LENGTH : MAX_NAME_LENGTH;
    return name.length > most
        ? [finding({ ref: objectRef(object) }, tooLong("metadata.name", name, most, object.kind))]
        : [];
}

function tooLong(path: string, value: string, most: number, what: string): Violation {
    return {
        path,
        value,
        problem: `has ${value.length} characters`,
        expected: `at most ${most} characters for a ${what}`,
        fix: "Shorten it",
    };
}

function isLabelValue(value: string): boolean {
    return value.length <= MAX_LABEL_LENGTH && LABEL_VALUE.test(value);
}

function badLabels(object: RawObject): RuleFinding[] {
    return LABELS.flatMap(([path, labelsOf]) => {
        const labels = labelsOf(object);
        return labels ? Object.entries(fields(labels)).flatMap((label) => badLabel(object, path, label)) : NOTHING;
    });
}

const NOTHING: RuleFinding[] = [];

function badLabel(object: RawObject, path: string, [key, value]: [string, unknown]): RuleFinding[] {
    return typeof value !== "string" || isLabelValue(value)
        ? NOTHING
        : [
              finding(
                  { ref: objectRef(object) },
                  {
                      path: `${path}[${JSON.stringify(key)}]`,
                      value,
                      problem: "cannot be the value of a label",
                      expected: `at most ${MAX_LABEL_LENGTH} letters, digits, hyphens, dots and underscores`,
                      fix: "Shorten or correct it",
                  },
              ),
          ];
}
