import { ResourceValidationPolicy } from "@pulumi/policy";
import { Fields, fields, list, text } from "../review/fields";
import { RawObject, objectRef } from "../review/rawObject";
import { reviewObjects } from "../review/reviewObjects";
import { isWhole } from "./known";
import { stackObject } from "./stackObject";

/** Mends what a rule of the review finds, where one resource shows how. */
export interface Remedy {
    /** The rule's id. */
    rule: string;
    /** One sentence: what it changes. */
    title: string;
    /** What to set, each by its path. */
    changes: (object: RawObject) => Change[];
}

interface Change {
    path: string;
    value: unknown;
}

const serverName: Remedy = {
    rule: "server-name-unchecked",
    title: "Sets subjectAltNames to the name in sni or hostname, so that it is checked.",
    changes: (object) =>
        reviewObjects([object]).flatMap(({ rule, violation: { path, value } }) => {
            if (rule !== "server-name-unchecked" || typeof value !== "string") {
                return [];
            }
            const names = path.endsWith(".hostname") ? [{ type: "Hostname", hostname: value }] : [value];
            return [{ path: path.replace(/[^.]+$/, "subjectAltNames"), value: names }];
        }),
};

const fallback: Remedy = {
    rule: "fallback-lost",
    title: 'Replaces "." with the namespace\'s name in the exportTo of a DestinationRule. It means the same, and Istio does not lose the rule.',
    changes: (object) => {
        const spec = fields(object.spec);
        const exportTo = list(spec.exportTo);
        const isPrivate = exportTo.length === 1 && exportTo[0] === ".";
        const isFallback = object.kind === "DestinationRule" && isPrivate && spec.workloadSelector === undefined;
        const isPlaced = text(fields(object.metadata).namespace) !== undefined;
        return isFallback && isPlaced ? [{ path: "spec.exportTo", value: [objectRef(object).namespace] }] : [];
    },
};

export const REMEDIES = [serverName, fallback];

/** Off unless the configuration says `remediate`: a resource does not show what others in the stack say. */
export function remedyPolicy({ rule, title, changes }: Remedy): ResourceValidationPolicy {
    return {
        name: `${rule}-remedy`,
        description: title,
        enforcementLevel: "disabled",
        remediateResource: (args) => {
            const object = stackObject(args);
            const found = object && isWhole(object) ? changes(object) : [];
            found.forEach(({ path, value }) => set(args.props, path, value));
            return found.length > 0 ? args.props : undefined;
        },
    };
}

/** Into the properties themselves, which keep what is secret as it is. */
function set(props: Record<string, unknown>, path: string, value: unknown): void {
    const keys = path.split(/[.[\]]+/).filter(Boolean);
    const last = keys.pop() as string;
    const parent = keys.reduce((inner: Fields, key) => inner[key] as Fields, props);
    parent[last] = value;
}
