import { createHash } from "node:crypto";

/*
 * Texts of a state in which certificates and keys are written by the resource that makes them: `<<name.property>>`. What
 * is made of them is written as what it is: `<<base64:...>>`, `<<sha256:...>>`.
 */

/** Every text that a resource makes, by `name.property`. */
export type MadeTexts = Map<string, string>;

/** The text with references instead of what the resources made; base64 and fingerprints of it included. */
export function withReferences(text: string, made: MadeTexts): string {
    const replaced = [...made].reduce((rest, [reference, pem]) => rest.replaceAll(pem, `<<${reference}>>`), text);
    if (replaced !== text) {
        return replaced;
    }
    const decoded = Buffer.from(text, "base64").toString();
    if (text !== "" && Buffer.from(decoded).toString("base64") === text) {
        const inner = withReferences(decoded, made);
        if (inner !== decoded) {
            return `<<base64:${inner}>>`;
        }
    }
    return /^[0-9a-f]{64}$/.test(text) ? (fingerprinted(text, made) ?? text) : text;
}

/** The certificate, alone or with the one that issued it, that has this fingerprint. */
function fingerprinted(hash: string, made: MadeTexts): string | undefined {
    const certificates = [...made].filter(([reference]) => reference.endsWith(".certPem"));
    const chains = certificates.flatMap(([leaf, pem]) => [
        { reference: `<<${leaf}>>`, text: pem },
        ...certificates.map(([issuer, above]) => ({ reference: `<<${leaf}>><<${issuer}>>`, text: pem + above })),
    ]);
    const found = chains.find(({ text }) => sha256(text) === hash);
    return found && `<<sha256:${found.reference}>>`;
}

/** The text with what the resources have made now. */
export function withoutReferences(text: string, made: MadeTexts): string {
    const inner = /^<<(base64|sha256):(.*)>>$/s.exec(text);
    if (inner) {
        const resolved = withoutReferences(inner[2], made);
        return inner[1] === "base64" ? Buffer.from(resolved).toString("base64") : sha256(resolved);
    }
    return text.replaceAll(/<<([\w.-]+)>>/g, (_, reference: string) => {
        const known = made.get(reference);
        if (known === undefined) {
            throw new Error(`the state has nothing that makes ${reference}`);
        }
        return known;
    });
}

function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
