import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { CommandError, Output, attempt } from "../../lab/command";
import { engineEnvironment } from "../../lab/engine";
import { EngineSetup } from "./machine";

/** A folder in which a user types `pulumi`: with real language hosts and a state of its own. */
export class UserFolder {
    readonly folder = mkdtempSync(join(tmpdir(), "mesh-egress-folder-"));
    private readonly env: Record<string, string>;

    constructor(setup: EngineSetup, languages: string, env: Record<string, string> = {}) {
        const engine = engineEnvironment({
            stateDir: join(this.folder, ".state"),
            passphrase: "only for this test",
            plugins: setup.plugins,
        });
        // npm puts the Node.js that the repository brings first on PATH; this command is not started by npm.
        const node = dirname(process.execPath);
        const PATH = [node, languages, dirname(setup.engine.command), engine.PATH].join(delimiter);
        this.env = { ...engine, ...setup.env, ...env, PATH };
    }

    /** Runs a command line as a page has it, for example `pulumi preview`. It is not asked anything. */
    async run(line: string, env: Record<string, string> = {}): Promise<string> {
        const output = await this.attempt(line, env);
        if (output.exitCode !== 0) {
            throw new CommandError("sh", ["-c", line], output);
        }
        return output.stdout + output.stderr;
    }

    attempt(line: string, env: Record<string, string> = {}): Promise<Output> {
        return attempt("sh", ["-c", line], { cwd: this.folder, env: { ...this.env, ...env } });
    }

    /** Starts a program on the user's PATH, in a process group of its own. */
    start(program: string, args: string[]): ChildProcess {
        const env = { ...process.env, ...this.env };
        return spawn(program, args, { cwd: this.folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    }

    /** The text of a file, by its path in the folder or on the machine. */
    read(file: string): string {
        return readFileSync(resolve(this.folder, file), "utf8");
    }

    write(file: string, text: string): string {
        writeFileSync(join(this.folder, file), text);
        return file;
    }

    leave(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
