import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type Properties, Secret, text, type Value } from "../shared/values";
import { opensshPublicKey } from "./opensshPublicKey";

const generate = promisify(generateKeyPair) as unknown as (
    type: string,
    options: object,
) => Promise<{ privateKey: KeyObject }>;

const curves: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

export function keyFailure(inputs: Properties): { property: string; reason: string } | undefined {
    const algorithm = inputs["algorithm"];
    if (typeof algorithm === "string" && !["RSA", "ECDSA", "ED25519"].includes(algorithm)) {
        return { property: "algorithm", reason: `expected RSA, ECDSA or ED25519, got ${algorithm}` };
    }
    const curve = inputs["ecdsaCurve"];
    if (typeof curve === "string" && !(curve in curves)) {
        return { property: "ecdsaCurve", reason: `expected P224, P256, P384 or P521, got ${curve}` };
    }
    return undefined;
}

/** The inputs with what the official plugin fills in. */
export function keyDefaults(inputs: Properties): Properties {
    const defaults: Properties = { ecdsaCurve: "P224", rsaBits: 2048 };
    const given = Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null);
    return { ...defaults, ...Object.fromEntries(given) };
}

/** A new private key in all the forms of the resource's outputs. */
export async function newPrivateKey(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const settings = keyDefaults(inputs);
    const { privateKey } = await keyPair(settings);
    const publicKey = createPublicKey(privateKey);
    const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const openssh = opensshPublicKey(publicKey);
    const digest = (algorithm: string) => createHash(algorithm).update(openssh?.blob ?? "");
    return {
        id: createHash("sha1")
            .update(publicKey.export({ type: "spki", format: "der" }))
            .digest("hex"),
        outputs: {
            ...settings,
            privateKeyPem: new Secret(traditionalPem(privateKey)),
            privateKeyPemPkcs8: new Secret(pkcs8),
            // Nothing in this project reads a private key in OpenSSH's own format.
            privateKeyOpenssh: new Secret(""),
            publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
            publicKeyOpenssh: openssh ? `${openssh.line}\n` : "",
            publicKeyFingerprintMd5: openssh ? (digest("md5").digest("hex").match(/../g) ?? []).join(":") : "",
            publicKeyFingerprintSha256: openssh ? `SHA256:${digest("sha256").digest("base64").replace(/=+$/, "")}` : "",
        },
    };
}

function keyPair(settings: Properties): Promise<{ privateKey: KeyObject }> {
    switch (settings["algorithm"]) {
        case "RSA":
            return generate("rsa", { modulusLength: settings["rsaBits"] });
        case "ED25519":
            return generate("ed25519", {});
        default:
            return generate("ec", { namedCurve: curves[settings["ecdsaCurve"] as string] });
    }
}

/** PKCS#1 for RSA and SEC 1 for elliptic curves, as the official plugin writes them; Ed25519 only has PKCS#8. */
function traditionalPem(key: KeyObject): string {
    const types = { rsa: "pkcs1", ec: "sec1" } as Record<string, "pkcs1" | "sec1">;
    return key.export({ type: types[key.asymmetricKeyType ?? ""] ?? "pkcs8", format: "pem" } as never) as string;
}

/** Reads a private key without letting its text into an error. */
export function readPrivateKey(pem: Value | undefined, property: string): KeyObject {
    try {
        return createPrivateKey(text(pem) ?? "");
    } catch {
        throw new Error(`${property} is not a private key in PEM`);
    }
}

/** What the resource calls the key's algorithm. */
export function algorithmName(key: KeyObject): string {
    return { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" }[key.asymmetricKeyType as string] ?? "";
}
