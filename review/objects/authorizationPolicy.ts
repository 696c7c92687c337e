import { Fields, fields, list, text, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface TargetRef {
    path: string;
    group: string;
    kind: string;
    name: string;
}

export interface AuthorizationPolicy extends Viewed {
    /** Absent where it is for every workload of the namespace. */
    selector?: Record<string, string>;
    targets: TargetRef[];
    action: string;
    rules: Fields[];
}

export function readAuthorizationPolicy(object: RawObject): AuthorizationPolicy {
    const spec = fields(object.spec);
    const selector = textMap(fields(spec.selector).matchLabels);
    const targets = list(spec.targetRefs).map((ref, index) => readTarget(fields(ref), `spec.targetRefs[${index}]`));
    const single = fields(spec.targetRef);
    return {
        ref: objectRef(object),
        ...(Object.keys(selector).length > 0 && { selector }),
        targets: [...targets, ...(text(single.kind) ? [readTarget(single, "spec.targetRef")] : [])],
        action: text(spec.action) ?? "ALLOW",
        rules: list(spec.rules).map(fields),
    };
}

function readTarget(ref: Fields, path: string): TargetRef {
    return { path, group: text(ref.group) ?? "", kind: text(ref.kind) ?? "", name: text(ref.name) ?? "" };
}
