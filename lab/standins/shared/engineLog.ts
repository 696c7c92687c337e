import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Engine } from "./standIn";

/** The engine's log, and its wish to stop. */
export class EngineLog implements Engine {
    private readonly abort = new AbortController();
    readonly cancelled: Engine["cancelled"] = this.abort.signal;
    private client?: EngineClient;

    constructor(address: string | undefined) {
        this.connect(address);
    }

    connect(address: string | undefined): void {
        if (address && !this.client) {
            this.client = new EngineClient(address, grpc.credentials.createInsecure());
        }
    }

    cancel(): void {
        this.abort.abort();
    }

    log(severity: "info" | "warning", message: string, urn = "", passing = false): void {
        const level = severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO;
        const request = new LogRequest().setSeverity(level).setMessage(message).setUrn(urn).setEphemeral(passing);
        // A line that can't be shown must not fail the resource it is about.
        this.client?.log(request, () => undefined);
    }
}
