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

/** The account and subscription that deploy. They do not exist. */
export const account = {
    clientId: guid("client"),
    objectId: guid("deployer"),
    subscriptionId: guid("subscription"),
    tenantId: guid("tenant"),
};

/** An address of a range for documentation (RFC 5737), made of a text. */
export function publicAddress(text: string): string {
    return `203.0.113.${Number.parseInt(guid(text).slice(0, 2), 16)}`;
}
