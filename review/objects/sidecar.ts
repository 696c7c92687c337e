import { Fields, fields, has, list, text, textMap } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** Istio's Sidecar: what the proxies of a namespace do and see. */
export interface Sidecar extends Viewed {
    /** What they do with an undeclared host. If absent, the mesh's own policy applies. */
    outboundMode?: string;
    /** Whether calls to undeclared hosts go to a proxy that the Sidecar names. */
    hasEgressProxy: boolean;
    /** Labels of the workloads that it is for; absent where it is for all of the namespace. */
    selector?: Record<string, string>;
    /** What its proxies see; absent where it does not restrict it, or a preview does not know all of it. */
    imports?: SidecarImport[];
    /** As written, to be compared. */
    raw: Fields;
}

/** A host, or a wildcard for some, of a namespace: `*` stands for all, `.` for the proxy's own, `~` for none. */
export interface SidecarImport {
    namespace: string;
    host: string;
}

export function readSidecar(object: RawObject): Sidecar {
    const spec = fields(object.spec);
    const policy = fields(spec.outboundTrafficPolicy);
    const selector = textMap(fields(spec.workloadSelector).labels);
    const hosts = list(spec.egress).flatMap((one) => list(fields(one).hosts));
    return {
        ref: objectRef(object),
        outboundMode: text(policy.mode),
        hasEgressProxy: has(policy, "egressProxy"),
        ...(Object.keys(selector).length > 0 && { selector }),
        ...(hosts.length > 0 && hosts.every(isText) && { imports: hosts.flatMap(readImport) }),
        raw: spec,
    };
}

function isText(value: unknown): value is string {
    return typeof value === "string";
}

function readImport(written: string): SidecarImport[] {
    const slash = written.indexOf("/");
    return slash < 0 ? [] : [{ namespace: written.slice(0, slash), host: written.slice(slash + 1).toLowerCase() }];
}
