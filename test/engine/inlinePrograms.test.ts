import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, type Server, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, credentials } from "@grpc/grpc-js";
import type { Stack } from "@pulumi/pulumi/automation";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { PrivateKey } from "@pulumi/tls";
import { openStack } from "../../lab/engine";
import { machine } from "../support/machine";

type Run = (this: unknown, call: { request: RunRequest }, answer: unknown) => Promise<void>;

const load = createRequire(__filename);
const quietly = { onOutput: () => undefined };

describe("a program that one process runs again and again", () => {
    const { LanguageServer } = load("@pulumi/pulumi/automation/server") as {
        LanguageServer: { prototype: { run: Run } };
    };
    let folder: string;
    let stack: Stack;
    let restore = () => {};

    before(async function () {
        const setup = await machine.engine(this);
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-inline-"));
        const program = () => {
            new PrivateKey("key", { algorithm: "ED25519" });
            return Promise.resolve();
        };
        const options = { name: "again", project: "inline", stateDir: folder, passphrase: "only for this test" };
        stack = await openStack({ ...setup, ...options, program });
        await stack.up(quietly);
    });

    afterEach(() => restore());

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    for (const operation of ["preview", "update"] as const) {
        it(`keeps its resources in the ${operation}, when the engine has the port of one that is gone`, async () => {
            let proxy: Server | undefined;
            callEngineAt(async (port, target) => {
                await callInVain(port);
                proxy = await forward(port, target);
            });
            try {
                assert.deepEqual(await changes(operation), { same: 2 });
            } finally {
                proxy?.close();
            }
        });

        it(`keeps its resources in the ${operation}, and fails, when the engine is not reached`, async () => {
            callEngineAt(() => Promise.resolve());
            await assert.rejects(changes(operation), /the program was not run to its end/);
            restore();
            assert.deepEqual(await changes("preview"), { same: 2 });
        });
    }

    async function changes(operation: "preview" | "update") {
        return operation === "preview"
            ? (await stack.preview(quietly)).changeSummary
            : (await stack.up(quietly)).summary.resourceChanges;
    }

    /** Lets the program look for the engine at a port where nothing is, once this port is prepared. */
    function callEngineAt(prepare: (port: number, target: number) => Promise<void>): void {
        const { prototype } = LanguageServer;
        const { run } = prototype;
        restore = () => void (prototype.run = run);
        prototype.run = async function (call, answer) {
            const [engine, ...others] = call.request.getArgsList();
            const port = await freePort();
            await prepare(port, Number(engine.split(":")[1]));
            call.request.setArgsList([`127.0.0.1:${port}`, ...others]);
            return run.call(this, call, answer);
        };
    }
});

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

/** What an operation leaves behind that went on calling when its engine was gone. */
async function callInVain(port: number): Promise<void> {
    const { grpcClientOptions } = load("@pulumi/pulumi/runtime/settings") as { grpcClientOptions: ClientOptions };
    const client = new EngineClient(`127.0.0.1:${port}`, credentials.createInsecure(), grpcClientOptions);
    await assert.rejects(
        new Promise<void>((resolve, reject) =>
            client.log(new LogRequest(), (error) => (error ? reject(error) : resolve())),
        ),
        /ECONNREFUSED/,
    );
}

/** A server that hands every connection on. */
async function forward(port: number, target: number): Promise<Server> {
    const server = createServer((near) => {
        const far = connect(target, "127.0.0.1");
        near.pipe(far).pipe(near);
        near.on("error", () => far.destroy());
        far.on("error", () => near.destroy());
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
}
