import { Fields, fields, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** A pod, or something that makes pods. */
export interface Workload extends Viewed {
    /** Where in the object the pod's metadata is. */
    path: string;
    podLabels: Record<string, string>;
    podAnnotations: Record<string, string>;
}

const TEMPLATED = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"];

/** The group is not asked for: each of these kinds makes pods in the same way, whoever defines it. */
export const WORKLOAD_KINDS = [...TEMPLATED, "CronJob", "Pod"];

export function readWorkload(object: RawObject): Workload {
    const [path, metadata] = podMetadata(object);
    return {
        ref: objectRef(object),
        path,
        podLabels: textMap(metadata.labels),
        podAnnotations: textMap(metadata.annotations),
    };
}

function podMetadata(object: RawObject): [string, Fields] {
    if (object.kind === "Pod") {
        return ["metadata", fields(object.metadata)];
    }
    const spec = fields(object.spec);
    return object.kind === "CronJob"
        ? [
              "spec.jobTemplate.spec.template.metadata",
              fields(fields(fields(fields(spec.jobTemplate).spec).template).metadata),
          ]
        : ["spec.template.metadata", fields(fields(spec.template).metadata)];
}
