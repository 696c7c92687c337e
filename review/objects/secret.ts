import { fields, has, text } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

/** What a review knows of a secret: the names of its keys, never what they hold. */
export interface Secret extends Viewed {
    type: string;
    keys: string[];
    /** Whether cert-manager fills it, which writes the issuer's CA into it in any case. */
    isOfCertManager: boolean;
}

export function readSecret(object: RawObject): Secret {
    return {
        ref: objectRef(object),
        type: text(object.type) ?? "Opaque",
        isOfCertManager: has(fields(fields(object.metadata).annotations), "cert-manager.io/certificate-name"),
        keys: [...new Set([...filledKeys(object.data), ...filledKeys(object.stringData)])],
    };
}

/** Istio takes an empty value for none. */
function filledKeys(data: unknown): string[] {
    return Object.entries(fields(data))
        .filter(([, value]) => value !== "")
        .map(([key]) => key);
}
