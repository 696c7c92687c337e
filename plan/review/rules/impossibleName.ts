import { fields, textMap } from "../fields";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
/** Kinds whose names become a DNS label: of a host, or of a pod's own name. */
const LABEL_KINDS = ["Namespace", "Service", "StatefulSet", "Job"];
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/;

/** Only lengths of names are looked at: what characters a name may have differs by kind, and the API server says so. */
export const impossibleName: Rule = {
    id: "impossible-name",
    title: "A name or label is longer than Kubernetes allows, or a selector asks for a label that cannot exist.",
    why: "A preview does not see it: the update fails half-way, and a Gateway whose selector no pod can have takes no calls.",
    find: ({ objects }) => objects.flatMap((object) => [...longName(object), ...badLabels(object)]),
};

function longName(object: RawObject): RuleFinding[] {
    const ref = objectRef(object);
    const most = LABEL_KINDS.includes(object.kind) ? MAX_LABEL_LENGTH : MAX_NAME_LENGTH;
    return ref.name.length > most
        ? [
              finding(
                  { ref },
                  {
                      path: "metadata.name",
                      value: ref.name,
                      problem: `has ${ref.name.length} characters`,
                      expected: `at most ${most} characters for a ${object.kind}`,
                      fix: "Shorten it",
                  },
              ),
          ]
        : [];
}

function badLabels(object: RawObject): RuleFinding[] {
    const spec = fields(object.spec);
    const selector = fields(spec.selector);
    const places: [string, unknown][] = [
        ["metadata.labels", fields(object.metadata).labels],
        ["spec.selector", selector],
        ["spec.selector.matchLabels", selector.matchLabels],
        ["spec.workloadSelector.matchLabels", fields(spec.workloadSelector).matchLabels],
    ];
    return places.flatMap(([path, labels]) =>
        Object.entries(textMap(labels))
            .filter(([, value]) => value.length > MAX_LABEL_LENGTH || !LABEL_VALUE.test(value))
            .map(([key, value]) =>
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
            ),
    );
}
