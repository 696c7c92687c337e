import { fields, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** Something that makes pods. */
export interface Workload extends Viewed {
    podLabels: Record<string, string>;
}

export const WORKLOAD_KINDS = ["Deployment", "StatefulSet", "DaemonSet", "Job"];

export function readWorkload(object: RawObject): Workload {
    const template = fields(fields(object.spec).template);
    return { ref: objectRef(object), podLabels: textMap(fields(template.metadata).labels) };
}
