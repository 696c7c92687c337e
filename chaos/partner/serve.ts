import { createServer as createHttps } from "node:https";
import { createServer, Server, Socket } from "node:net";
import { IncomingMessage, ServerResponse } from "node:http";
import { Behaviour, FORGETFUL_SECONDS, SLOW_SECONDS } from "./behaviour";

/*
 * A partner outside the mesh that demands a client certificate and behaves as badly as it is told. It stands in for partners on
 * the internet; a process of its own, so that what else the scenarios do does not slow it down.
 */

export interface PartnerOptions {
    addresses: string[];
    port: number;
    /** Takes connections and says nothing, not even in a TLS handshake. */
    halfOpenPort: number;
    certificate: string;
    privateKey: string;
    clientCa: string;
}

/** What the partner has been asked for since it was last asked. */
export interface Seen {
    requests: number;
    /** Requests that are not idempotent and came more than once. */
    doubled: string[];
}

/** Connections that the partner ended in the handshake, since it was last asked. */
export interface RefusedHandshakes {
    withoutCertificate: number;
    /** HTTP without TLS. */
    plaintext: number;
}

const REASONS: Record<string, keyof RefusedHandshakes> = {
    ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: "withoutCertificate",
    ERR_SSL_HTTP_REQUEST: "plaintext",
};

const noneRefused = (): RefusedHandshakes => ({ withoutCertificate: 0, plaintext: 0 });
let refused = noneRefused();

/** How often each POST came, by its URL, which is another in each call. */
const posts = new Map<string, number>();
let requests = 0;
/** When each connection last had a request. */
const lastUse = new WeakMap<Socket, number>();

function answer(request: IncomingMessage, response: ServerResponse, raw: Socket): void {
    requests += 1;
    if (request.method === "POST") {
        posts.set(request.url ?? "", (posts.get(request.url ?? "") ?? 0) + 1);
    }
    const [label] = (request.headers.host ?? "").split(".");
    const ok = () => response.end("ok\n");
    const actions: Record<Behaviour, () => void> = {
        api: ok,
        slow: () => void setTimeout(ok, SLOW_SECONDS * 1000),
        reset: () => void raw.resetAndDestroy(),
        empty: () => void raw.destroySoon(),
        silent: () => undefined,
        headers: () => {
            for (let index = 0; index < 256; index += 1) {
                response.setHeader(`x-large-${index}`, "x".repeat(4096));
            }
            ok();
        },
        forgetful: () => {
            const idle = Date.now() - (lastUse.get(raw) ?? Date.now());
            lastUse.set(raw, Date.now());
            return idle > FORGETFUL_SECONDS * 1000 ? void raw.resetAndDestroy() : void setTimeout(ok, 100);
        },
        busy: () => {
            response.statusCode = 503;
            response.end("busy\n");
        },
    };
    (actions[label as Behaviour] ?? ok)();
}

function listen(server: Server, port: number, address: string): Promise<void> {
    return new Promise((resolve, reject) => server.once("error", reject).listen(port, address, resolve));
}

async function serve({
    addresses,
    port,
    halfOpenPort,
    certificate,
    privateKey,
    clientCa,
}: PartnerOptions): Promise<void> {
    const tls = { cert: certificate, key: privateKey, ca: clientCa, requestCert: true, rejectUnauthorized: true };
    // Node's own limit is 16 KB, and a scenario sends more.
    const https = createHttps({ ...tls, maxHeaderSize: 128 * 1024 });
    const raws = new Map<string, Socket>();
    https.on("request", (request: IncomingMessage, response: ServerResponse) => {
        const { remoteAddress, remotePort } = request.socket;
        answer(request, response, raws.get(`${remoteAddress} ${remotePort}`)!);
    });
    // As nginx has it.
    https.keepAliveTimeout = 75_000;
    https.requestTimeout = 0;
    https.on("tlsClientError", ({ code = "" }: NodeJS.ErrnoException) => {
        if (Object.hasOwn(REASONS, code)) {
            refused[REASONS[code]] += 1;
        }
    });
    // The connection below TLS is kept, because only it can be reset.
    const front = (raw: Socket) => {
        const key = `${raw.remoteAddress} ${raw.remotePort}`;
        raws.set(key, raw);
        raw.once("close", () => raws.delete(key));
        raw.on("error", () => undefined);
        https.emit("connection", raw);
    };
    const sayNothing = (socket: Socket) => void socket.on("error", () => undefined).resume();
    for (const address of addresses) {
        await listen(createServer(front), port, address);
        await listen(createServer(sayNothing), halfOpenPort, address);
    }
}

process.on("message", (message: PartnerOptions | "seen" | "refused") => {
    if (message === "refused") {
        process.send!(refused);
        refused = noneRefused();
        return;
    }
    if (message === "seen") {
        const doubled = [...posts].filter(([, count]) => count > 1).map(([url]) => url);
        process.send!({ requests, doubled } satisfies Seen);
        posts.clear();
        requests = 0;
        return;
    }
    serve(message).then(
        () => process.send!("ready"),
        (error: unknown) => process.send!({ error: String(error) }),
    );
});
// The scenarios have ended, in whatever way.
process.on("disconnect", () => process.exit(0));
