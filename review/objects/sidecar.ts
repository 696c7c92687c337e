import { Fields, fields, has, text, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** Istio's Sidecar: what the proxies of a namespace do and see. */
export interface Sidecar extends Viewed {
    /** What they do with an undeclared host. If absent, the mesh's own policy applies. */
    outboundMode?: string;
    /** Whether calls to undeclared hosts go to a proxy that the Sidecar names. */
    hasEgressProxy: boolean;
    /** Labels of the workloads that it is for; absent where it is for all of the namespace. */
    selector?: Record<string, string>;
    /** As written, to be compared. */
    raw: Fields;
}

export function readSidecar(object: RawObject): Sidecar {
    const spec = fields(object.spec);
    const policy = fields(spec.outboundTrafficPolicy);
    const selector = textMap(fields(spec.workloadSelector).labels);
    return {
        ref: objectRef(object),
        outboundMode: text(policy.mode),
        hasEgressProxy: has(policy, "egressProxy"),
        ...(Object.keys(selector).length > 0 && { selector }),
        raw: spec,
    };
}
