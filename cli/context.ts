import { EngineEvent } from "@pulumi/pulumi/automation";
import { RunKubectl } from "./input/kubectl";
import { RunPulumi } from "./input/pulumi";
import { Terminal } from "./terminal";

/** The part of a Pulumi stack that the commands use. */
export interface StackHandle {
    outputs(): Promise<Record<string, { value: unknown } | undefined>>;
    preview(options: { onEvent: (event: EngineEvent) => void }): Promise<unknown>;
}

/** What a command needs of the world. Whoever embeds the command may hand in an engine and a kubectl of its own. */
export interface CommandContext {
    terminal: Terminal;
    kubectl: RunKubectl;
    /** Opens a stack by its name. */
    openStack: (name: string) => Promise<StackHandle>;
    /** Runs the engine's own command, for a stack if there is one. */
    pulumi: (stack?: string) => RunPulumi;
    /** The time of the command, for the expiry of certificates. */
    now: Date;
    /** Says how the command ends. */
    exit: (code: number) => void;
}
