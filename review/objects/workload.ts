import { Fields, fields, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** A pod, or something that makes pods. */
export interface Workload extends Viewed {
    /** Where in the object the pod's metadata is. */
    path: string;
    podLabels: Record<string, string>;
    podAnnotations: Record<string, string>;
    /** The pod's spec, and where in the object it is. */
    podSpec: Fields;
    specPath: string;
}

const TEMPLATED = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"];

/** The group is not asked for: each of these kinds makes pods in the same way, whoever defines it. */
export const WORKLOAD_KINDS = [...TEMPLATED, "CronJob", "Pod"];

export function readWorkload(object: RawObject): Workload {
    const { path, pod } = podTemplate(object);
    const metadata = fields(pod.metadata);
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    return {
        ref: objectRef(object),
        path: at("metadata"),
        podSpec: fields(pod.spec),
        specPath: at("spec"),
        podLabels: textMap(metadata.labels),
        podAnnotations: textMap(metadata.annotations),
    };
}

/** A pod as it is, or as the object would make it. */
function podTemplate(object: RawObject): { path: string; pod: Fields } {
    if (object.kind === "Pod") {
        return { path: "", pod: fields(object) };
    }
    const spec = fields(object.spec);
    return object.kind === "CronJob"
        ? {
              path: "spec.jobTemplate.spec.template",
              pod: fields(fields(fields(spec.jobTemplate).spec).template),
          }
        : { path: "spec.template", pod: fields(spec.template) };
}
