import { createHash } from "node:crypto";

/** A GUID made of a text: the same text has the same one in every run, because the stand-in keeps nothing itself. */
export function guid(text: string): string {
    const hex = createHash("sha256").update(text).digest("hex");
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}

/** The subscription and its tenant. They do not exist. */
export const account = { subscriptionId: guid("subscription"), tenantId: guid("tenant") };

/** The identity of an operation, as ARM names it. */
export interface Caller {
    clientId: string;
    objectId: string;
    /** Whether it has the role Reader alone. */
    onlyReads: boolean;
}

/** Whoever deploys; or, by a name, somebody else, who only reads: MESH_EGRESS_AKS_READER. */
export function callerOf(reader = process.env["MESH_EGRESS_AKS_READER"]): Caller {
    return reader
        ? { clientId: guid(`client of ${reader}`), objectId: guid(reader), onlyReads: true }
        : { clientId: guid("client"), objectId: guid("deployer"), onlyReads: false };
}

/** An address of a range for documentation (RFC 5737), made of a text. */
export function publicAddress(text: string): string {
    return `203.0.113.${Number.parseInt(guid(text).slice(0, 2), 16)}`;
}
