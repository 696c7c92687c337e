import { objectRule } from "../objectRule";
import { RawObject } from "../rawObject";

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** "-----BEGIN" in base64, as far as it does not depend on what follows. */
const ENCODED = /LS0tLS1CRUdJTi[A-Za-z0-9+/\s]*={0,2}/g;

/** Finds PEM, as it is or in base64; not a key in DER. Values that Pulumi holds as secrets are found too. */
export const privateKeyInPlainText = objectRule({
    id: "private-key-in-plain-text",
    title: "A private key is in a ConfigMap or in the values of a Helm chart.",
    why: "Everyone who may read the namespace's objects can read the key: ConfigMaps are not secret, and charts can write values anywhere.",
    severity: "mandatory",
    isFor: (group, kind) => (group === "" && kind === "ConfigMap") || group === "helm.sh",
    judge: (object) =>
        places(object).flatMap(([path, value]) =>
            pathsOfKeys(path, value).map((at) => ({
                path: at,
                problem: "contains a private key",
                expected: "keys only in Secrets, which others refer to by name",
                fix: "Create a new key, because this one may have been read, put it in a Secret, and refer to it by name",
            })),
        ),
});

function places(object: RawObject & { binaryData?: unknown; values?: unknown }): [string, unknown][] {
    if (object.kind === "ConfigMap") {
        return [
            ["data", object.data],
            ["binaryData", object.binaryData],
        ];
    }
    return [["values", object.values]];
}

/** The value is never part of what is said. */
function pathsOfKeys(path: string, value: unknown): string[] {
    if (typeof value === "string") {
        return holdsKey(value) ? [path] : [];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, inner]) =>
        pathsOfKeys(Array.isArray(value) ? `${path}[${key}]` : `${path}[${JSON.stringify(key)}]`, inner),
    );
}

function holdsKey(text: string): boolean {
    const encoded = text.match(ENCODED) ?? [];
    return KEY.test(text) || encoded.some((part) => KEY.test(Buffer.from(part, "base64").toString("latin1")));
}
