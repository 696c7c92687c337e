import { createRequire } from "node:module";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/*
 * The SDK takes a lost connection to the engine for the engine's wish to end, and tells it that the program is done:
 * what the program did not come to register is then deleted. In a process that runs one operation after the other this
 * happens, if rarely. The clients of an operation that failed go on calling its ports, and a client of a later operation
 * that is given one of these ports shares their state, which is "failed".
 */

type Answer = (error: unknown, response?: unknown) => void;

/** What is used of the SDK that it has no types for. */
interface LanguageServer {
    program: PulumiFn;
    run: (this: LanguageServer, call: unknown, answer: Answer) => unknown;
}

const load = createRequire(__filename);
let isMadeSafe = false;

/** Gives each operation connections of its own, and lets it fail where the program did not run to its end. */
export function makeInlineProgramsSafe(): void {
    if (isMadeSafe) {
        return;
    }
    isMadeSafe = true;
    const settings = load("@pulumi/pulumi/runtime/settings") as { grpcClientOptions: Record<string, unknown> };
    settings.grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;

    const server = load("@pulumi/pulumi/automation/server") as { LanguageServer: { prototype: LanguageServer } };
    const { prototype } = server.LanguageServer;
    const { run } = prototype;
    prototype.run = function (call, answer) {
        const { program } = this;
        let hasEnded = false;
        this.program = async () => {
            const outputs = await program();
            hasEnded = true;
            return outputs;
        };
        const cut = "the program was not run to its end, because the connection to the engine failed; try again";
        return run.call(this, call, (error, response) => answer(error ?? (hasEnded ? null : new Error(cut)), response));
    };
}
