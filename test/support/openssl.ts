import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Verification {
    /** What was shown: the certificate and what came with it, PEM. */
    shown: string;
    /** What the verifier trusts, PEM. */
    trusted: string;
    purpose: "sslclient" | "sslserver";
    /** CRLs that must cover every certificate, PEM. Default: none is asked for. */
    crls?: string;
}

/** Lets `openssl verify` judge, as a server or a client would; empty when it accepts. */
export function verify({ shown, trusted, purpose, crls }: Verification): string {
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-openssl-"));
    try {
        const file = (name: string, text: string) => {
            writeFileSync(join(folder, name), text);
            return join(folder, name);
        };
        // The first certificate of a file is what is verified, and all of them may be used on the way.
        const chain = file("shown.pem", shown);
        const args = ["verify", "-CAfile", file("trusted.pem", trusted), "-untrusted", chain, "-purpose", purpose];
        const revocation = crls === undefined ? [] : ["-CRLfile", file("crls.pem", crls), "-crl_check_all"];
        const { status, stdout, stderr, error } = spawnSync(
            "openssl",
            [...args, "-x509_strict", ...revocation, chain],
            {
                encoding: "utf8",
            },
        );
        if (error) {
            throw error;
        }
        return status === 0 ? "" : `${stdout}${stderr}`;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
