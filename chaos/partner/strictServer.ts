import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, missingPackages, programPath } from "../../lab/build/debian";
import { portAnswers } from "../../lab/cluster/ports";
import { until } from "../../lab/cluster/wait";
import { Issued, issue, keyPem } from "../../test/support/certificates";
import { PARTNER, validity } from "./partner";

const FAKETIME = { program: "faketime", package: "faketime" };

/**
 * A server that judges the client's certificate in the TLS handshake and answers a bad one with an alert that says why, as
 * most do. Node's server, which the partner is, ends the connection without a word.
 */
export class StrictServer {
    private constructor(
        private readonly child: ChildProcess,
        private readonly folder: string,
    ) {}

    /** Starts it; its clock is so many hours ahead of this machine's. */
    static async start(ca: Issued, host: string, address: string, hoursAhead = 0): Promise<StrictServer> {
        const folder = mkdtempSync(join(tmpdir(), "mesh-egress-strict-"));
        const server = await issue({ subject: "CN=strict", issuer: ca, hosts: [host], usage: "server", ...validity() });
        const files = { "ca.crt": ca.certificate, "tls.crt": server.certificate, "tls.key": keyPem(server.key) };
        Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text, { mode: 0o600 }));
        if (hoursAhead > 0) {
            await installPackages(missingPackages([FAKETIME]), () => undefined);
        }
        const listener = { address, port: PARTNER.strictPort };
        const command = [
            ...(hoursAhead > 0 ? [programPath(FAKETIME.program)!, "-f", `+${hoursAhead}h`] : []),
            ...["openssl", "s_server", "-accept", `${listener.address}:${listener.port}`, "-www", "-quiet"],
            ...["-cert", "tls.crt", "-key", "tls.key", "-CAfile", "ca.crt", "-Verify", "2", "-verify_return_error"],
        ];
        // A process group of its own: faketime starts openssl as a child, and both have to end.
        const child = spawn(command[0], command.slice(1), {
            cwd: folder,
            stdio: ["pipe", "ignore", "ignore"],
            detached: true,
        });
        const strict = new StrictServer(child, folder);
        if (!(await until(() => portAnswers({ ...listener, process: "openssl" }), 20))) {
            await strict.stop();
            throw new Error(`openssl s_server does not listen on ${address}:${listener.port}`);
        }
        return strict;
    }

    async stop(): Promise<void> {
        if (this.child.exitCode === null && this.child.signalCode === null) {
            const ended = once(this.child, "exit");
            process.kill(-this.child.pid!, "SIGKILL");
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }
}
