import { fields, has, text } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** Istio's Sidecar: what the proxies of a namespace do and see. */
export interface Sidecar extends Viewed {
    /** What they do with a host that nobody declared; the mesh's own policy where it is absent. */
    outboundMode?: string;
    /** Whether what nobody declared goes to a proxy that the Sidecar names. */
    hasEgressProxy: boolean;
}

export function readSidecar(object: RawObject): Sidecar {
    const policy = fields(fields(object.spec).outboundTrafficPolicy);
    return { ref: objectRef(object), outboundMode: text(policy.mode), hasEgressProxy: has(policy, "egressProxy") };
}
