import { fork, ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { issue, keyPem, Issued } from "../../test/support/certificates";
import { PartnerOptions, RefusedHandshakes, Seen } from "./serve";

const DAY = 86_400_000;

/** The partner's ports. Nobody listens on `closedPort`, and on `strictPort` only while a scenario has a `StrictServer`. */
export const PARTNER = { port: 19443, halfOpenPort: 19444, closedPort: 19445, strictPort: 19446 };

/** The CA of both sides. */
export interface PartnerPki {
    ca: Issued;
    client: { certificate: string; privateKey: string };
}

export const validity = () => ({ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 2 * DAY) });

/** The badly behaved partner, in a process of its own. */
export class Partner {
    private constructor(
        private readonly child: ChildProcess,
        readonly pki: PartnerPki,
    ) {}

    static async start(hosts: string[], addresses: string[]): Promise<Partner> {
        const valid = validity();
        const ca = await issue({ subject: "CN=chaos CA", ca: true, ...valid });
        const server = await issue({ subject: "CN=partner", issuer: ca, hosts, usage: "server", ...valid });
        const child = fork(join(__dirname, "serve.ts"), { execArgv: ["--require", "tsx/cjs"] });
        const { port, halfOpenPort } = PARTNER;
        child.send({
            ...{ addresses, port, halfOpenPort, certificate: server.certificate },
            ...{ privateKey: keyPem(server.key), clientCa: ca.certificate },
        } satisfies PartnerOptions);
        const [answer] = (await once(child, "message")) as ["ready" | { error: string }];
        if (answer !== "ready") {
            child.kill();
            throw new Error(`the partner does not start on ${addresses.join(", ")}, port ${port}: ${answer.error}`);
        }
        return new Partner(child, {
            ca,
            client: await Partner.client(ca),
        });
    }

    /** A new client certificate that the partner accepts. */
    static async client(ca: Issued): Promise<PartnerPki["client"]> {
        const client = await issue({ subject: "CN=client", issuer: ca, usage: "client", ...validity() });
        return { certificate: client.certificate, privateKey: keyPem(client.key) };
    }

    /** What was asked for since the last time, or since the start. */
    seen(): Promise<Seen> {
        return this.ask("seen");
    }

    /** What tried to reach it as no caller may, since the last time, or since the start. */
    refused(): Promise<RefusedHandshakes> {
        return this.ask("refused");
    }

    private async ask<Answer>(what: "seen" | "refused"): Promise<Answer> {
        const answer = once(this.child, "message") as Promise<[Answer]>;
        this.child.send(what);
        return (await answer)[0];
    }

    async stop(): Promise<void> {
        // A signal to the whole process group ends it before.
        if (this.child.exitCode === null && this.child.signalCode === null && this.child.connected) {
            const ended = once(this.child, "exit");
            this.child.disconnect();
            await ended;
        }
    }
}
