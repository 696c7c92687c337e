import { type KeyObject, webcrypto } from "node:crypto";

export interface SigningKey {
    privateKey: webcrypto.CryptoKey;
    publicKey: webcrypto.CryptoKey;
    algorithm: { name: string; hash?: string; namedCurve?: string };
}

/** A key pair for Web Crypto, and the signature algorithm the official plugin would choose for it. */
export async function signingKey(privateKey: KeyObject, publicKey: KeyObject): Promise<SigningKey> {
    const algorithm = algorithmFor(privateKey);
    const { subtle } = webcrypto;
    return {
        algorithm,
        privateKey: await subtle.importKey("pkcs8", der(privateKey, "pkcs8"), algorithm, false, ["sign"]),
        publicKey: await subtle.importKey("spki", der(publicKey, "spki"), algorithm, true, ["verify"]),
    };
}

function algorithmFor(key: KeyObject): SigningKey["algorithm"] {
    if (key.asymmetricKeyType === "rsa") {
        return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    }
    if (key.asymmetricKeyType === "ed25519") {
        return { name: "Ed25519" };
    }
    switch (key.asymmetricKeyDetails?.namedCurve) {
        case "prime256v1":
            return { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
        case "secp384r1":
            return { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
        case "secp521r1":
            return { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" };
        default:
            throw new Error("the stand-in for tls signs with RSA, P256, P384, P521 and ED25519 keys only");
    }
}

function der(key: KeyObject, type: "pkcs8" | "spki"): Buffer {
    return key.export({ type, format: "der" } as never) as unknown as Buffer;
}
