import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { ClientPem } from "./http";

/** A client certificate that is correct except for the CA that issued it. */
export async function foreignClient(commonName: string): Promise<ClientPem> {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const [authorityKeys, keys] = await Promise.all(
        [0, 1].map(() => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])),
    );
    const authority = await x509.X509CertificateGenerator.createSelfSigned({
        name: "CN=another CA",
        keys: authorityKeys,
        signingAlgorithm: algorithm,
        extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: authority.subject,
        publicKey: keys.publicKey,
        signingKey: authorityKeys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
    });
    return {
        certificate: certificate.toString("pem"),
        privateKey: x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY"),
    };
}
