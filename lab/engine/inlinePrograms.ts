import { createRequire } from "node:module";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/*
 * When its connection to the engine is lost, the SDK assumes that the engine is ending, and reports that the program is done:
 * the engine then deletes what the program has not registered yet. In a process that runs one operation after another, this
 * happens rarely: the clients of a failed operation continue to call its ports, and a client of a later operation
 * that gets one of these ports shares their state, "failed".
 */

type Answer = (error: unknown, response?: unknown) => void;

/** Parts of the SDK that are used here and have no types. */
interface LanguageServer {
    program: PulumiFn;
    run: (this: LanguageServer, call: unknown, answer: Answer) => unknown;
}

const load = createRequire(__filename);
let isMadeSafe = false;

/** Gives each operation its own connections, and makes it fail if the program did not run to its end. */
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
