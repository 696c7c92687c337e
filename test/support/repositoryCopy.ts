import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { EngineSetup } from "./machine";
import { UserFolder } from "./userFolder";

const ROOT = join(__dirname, "../..");

/** A clone of this repository after `npm ci`, in which a user types `pulumi`: with real language hosts and a state of its own. */
export class RepositoryCopy extends UserFolder {
    constructor(setup: EngineSetup, languages: string, env: Record<string, string> = {}) {
        super(setup, languages, env);
        const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
        for (const file of files.filter(Boolean)) {
            cpSync(join(ROOT, file), join(this.folder, file));
        }
        symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
    }

    /** Adds to the settings in a stack's file; what is a list takes the place of the one there. */
    configure(stack: string, settings: Record<string, object | undefined>): void {
        const file = join(this.folder, "stacks", `Pulumi.${stack}.yaml`);
        const content = parse(readFileSync(file, "utf8")) as { config: Record<string, object> };
        for (const [name, value] of Object.entries(settings)) {
            const key = `mesh-egress:${name}`;
            content.config[key] = Array.isArray(value) ? value : { ...content.config[key], ...value };
        }
        writeFileSync(file, stringify(content));
    }
}
