import type { KeyObject } from "node:crypto";

function field(data: Buffer | string): Buffer {
    const bytes = Buffer.from(data as Buffer);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
}

/** A positive number of arbitrary length: a leading zero byte keeps it from reading as negative. */
function number(base64url: string | undefined): Buffer {
    const bytes = Buffer.from(base64url ?? "", "base64url");
    return field(bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** The key as in an authorized_keys file (RFC 4253, 5656, 8709); undefined for curves SSH does not have. */
export function opensshPublicKey(key: KeyObject): { line: string; blob: Buffer } | undefined {
    if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") {
        return undefined;
    }
    const jwk = key.export({ format: "jwk" });
    const bytes = (value: string | undefined) => Buffer.from(value ?? "", "base64url");
    let type: string;
    let blob: Buffer;
    if (jwk.kty === "RSA") {
        type = "ssh-rsa";
        blob = Buffer.concat([field(type), number(jwk.e), number(jwk.n)]);
    } else if (jwk.kty === "OKP") {
        type = "ssh-ed25519";
        blob = Buffer.concat([field(type), field(bytes(jwk.x))]);
    } else {
        const curve = `nist${String(jwk.crv).replace("-", "").toLowerCase()}`;
        type = `ecdsa-sha2-${curve}`;
        const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
        blob = Buffer.concat([field(type), field(curve), field(point)]);
    }
    return { line: `${type} ${blob.toString("base64")}`, blob };
}
