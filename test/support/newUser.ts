import type { EngineEvent } from "@pulumi/pulumi/automation";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { CommandError, CommandOptions, Output, attempt, command } from "../../lab/command";
import { pulumiHome } from "../../lab/engine";
import { EngineSetup } from "./machine";
import { noCluster } from "./noCluster";
import { packed } from "./packed";

const ROOT = join(__dirname, "../..");
/** What the package brings along; installed at the versions that the other tests know, not at the newest. */
const PULUMI_PACKAGES = ["pulumi", "kubernetes", "kubernetes-cert-manager", "tls", "azure-native"];
const PYTHON_SDK = "3.272.0";

export type Language = "typescript" | "yaml" | "python";
export type Template = "aks" | "aksAddon" | "anyCluster" | "routesOnly";

/** What a preview would do to one resource. */
export interface PlannedStep {
    op: string;
    urn: string;
    newState?: { type: string; parent?: string; inputs?: Record<string, unknown> };
}

/** Somebody with an engine and a folder of their own, outside of the repository, who has got the packed package. */
export class NewUser {
    readonly folder = mkdtempSync(join(tmpdir(), "mesh-egress-user-"));
    /** The package as programs in TypeScript have it. */
    readonly installed = join(this.folder, "node_modules", "mesh-egress");
    /** The package as the engine runs it for those in other languages. */
    readonly unpacked = join(this.folder, "mesh-egress");
    private readonly env: Record<string, string>;

    constructor(
        private readonly setup: EngineSetup,
        languages: string,
    ) {
        const state = join(this.folder, "state");
        mkdirSync(state);
        const constraints = join(this.folder, "constraints.txt");
        writeFileSync(constraints, `pulumi==${PYTHON_SDK}\n`);
        this.env = {
            PATH: [languages, dirname(setup.engine.command), process.env.PATH].join(delimiter),
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${state}`,
            PULUMI_CONFIG_PASSPHRASE: "only for this test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PIP_CONSTRAINT: constraints,
            npm_config_prefer_offline: "true",
            npm_config_ignore_scripts: "true",
            npm_config_audit: "false",
            npm_config_fund: "false",
            PIP_DISABLE_PIP_VERSION_CHECK: "1",
        };
    }

    leave(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** The archive in the user's folder, as templates/README.md makes it, and unpacked next to it for other languages. */
    async fetchArchive(): Promise<string> {
        const { file } = await packed();
        const filename = basename(file);
        const folder = filename.replace(/\.tgz$/, "");
        cpSync(file, join(this.folder, filename));
        mkdirSync(join(this.folder, folder));
        await this.run("tar", ["-xzf", filename, "-C", folder, "--strip-components=1"]);
        this.installPlugins(ROOT);
        return filename;
    }

    /** Installs the packed package: without any script of a package, so none of them has to build anything. */
    async install(): Promise<void> {
        const { file } = await packed();
        const filename = basename(file);
        cpSync(file, join(this.folder, filename));
        const manifest = JSON.parse(this.template("routesOnly", "typescript", "package.json")) as {
            dependencies: Record<string, string>;
        };
        manifest.dependencies["mesh-egress"] = `file:${filename}`;
        const overrides = Object.fromEntries(PULUMI_PACKAGES.map((name) => [`@pulumi/${name}`, versionOf(ROOT, name)]));
        // Those too that only some components use.
        Object.assign(manifest.dependencies, overrides);
        writeFileSync(join(this.folder, "package.json"), JSON.stringify({ ...manifest, overrides }));
        await this.run("npm", ["install"]);
        // Not as `package`, its name in the archive: beside a package.json, Node takes that for it.
        mkdirSync(this.unpacked);
        await this.run("tar", ["-xzf", filename, "-C", this.unpacked, "--strip-components=1"]);
        // As the refusal of a component without them says. Node would find those of the folder above, which have another SDK.
        const optional = ["tls", "azure-native", "kubernetes-cert-manager"].map(
            (name) => `@pulumi/${name}@${versionOf(ROOT, name)}`,
        );
        await this.run("npm", ["install", "--omit=dev", "--save-prod", "--prefix", this.unpacked, ...optional]);
        this.installPlugins(this.folder);
    }

    /**
     * The folder of a project that was made of a template, with a stack. Its packages are those of the folder around it:
     * an installation for each takes its time, and test/engine/templates.test.ts does it.
     */
    async project(template: Template, language: Language, name = `${template}-${language}`): Promise<Project> {
        const folder = join(this.folder, name);
        const source = join(ROOT, "templates", template, language);
        await this.pulumi(["new", source, "--generate-only", "--yes", "--dir", folder, "--name", name]);
        // One environment for all, because it takes its time.
        const pulumi = join(folder, "Pulumi.yaml");
        writeFileSync(pulumi, readFileSync(pulumi, "utf8").replace("virtualenv: venv", "virtualenv: ../venv"));
        const project = new Project(folder, (args, options) => this.attemptPulumi(args, { cwd: folder, ...options }));
        await project.pulumi(["stack", "init", name]);
        if (language !== "typescript") {
            await project.pulumi(["package", "add", "../mesh-egress"]);
        }
        return project;
    }

    /** A project made by `pulumi new` as a user types it, with what it installs and the commands that it tells. */
    async newProject(
        template: Template,
        language: Language,
        answers: Record<string, string>,
        name = `${template.toLowerCase()}-${language}`,
    ): Promise<Project> {
        const folder = join(this.folder, name);
        const config = Object.entries(answers).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
        const source = join(ROOT, "templates", template, language);
        const told = await this.pulumi(["new", source, "--yes", "--dir", folder, "--name", name, ...config]);
        const project = new Project(folder, (args, options) => this.attemptPulumi(args, { cwd: folder, ...options }));
        const install = /^ +((?:npm install|pulumi package add) .*)$/m.exec(told)?.[1];
        if (install === undefined) {
            throw new Error(`pulumi new tells no command that installs the package:\n${told}`);
        }
        await this.run("sh", ["-c", install], { cwd: folder });
        await project.pulumi(["config", "set", "kubernetes:kubeconfig"], { input: noCluster() });
        return project;
    }

    /** A command line that the user was told. */
    shell(line: string): Promise<string> {
        return this.run("sh", ["-c", line]);
    }

    pulumi(args: string[], options: CommandOptions = {}): Promise<string> {
        return this.run(this.setup.engine.command, [...args, "--non-interactive"], options);
    }

    private attemptPulumi(args: string[], options: CommandOptions = {}): Promise<Output> {
        // Other commands start npm and pip, whose registries the mirror of charts does not stand for.
        const env = args[0] === "preview" ? { ...this.setup.env, ...options.env } : options.env;
        return attempt(this.setup.engine.command, [...args, "--non-interactive"], this.withEnv({ ...options, env }));
    }

    private run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
        return command(program, args, this.withEnv(options));
    }

    private withEnv(options: CommandOptions): CommandOptions {
        return { cwd: this.folder, ...options, env: { ...this.env, ...options.env } };
    }

    private template(template: Template, language: Language, file: string): string {
        return readFileSync(join(ROOT, "templates", template, language, file), "utf8");
    }

    /** The engine downloads every plugin that an installed package names, unless its home has it. */
    private installPlugins(installed: string): void {
        for (const name of PULUMI_PACKAGES.filter((one) => one !== "pulumi")) {
            const executable = `pulumi-resource-${name}`;
            const folder = join(this.env.PULUMI_HOME, "plugins", `resource-${name}-v${versionOf(installed, name)}`);
            mkdirSync(folder, { recursive: true });
            const path = this.setup.plugins.find((plugin) => plugin.name === name)?.path;
            const official = join(pulumiHome(), "plugins", basename(folder), executable);
            // What is neither is the plugin for `pki: certManager`, which no template starts.
            symlinkSync(path ?? (existsSync(official) ? official : "/bin/false"), join(folder, executable));
        }
    }
}

/** A project of the user's, with its stack. */
export class Project {
    constructor(
        readonly folder: string,
        /** Runs the engine in it. */
        readonly attempt: (args: string[], options?: CommandOptions) => Promise<Output>,
    ) {}

    async pulumi(args: string[], options?: CommandOptions): Promise<string> {
        const output = await this.attempt(args, options);
        if (output.exitCode !== 0) {
            throw new CommandError("pulumi", args, output);
        }
        return output.stdout;
    }

    /** Sets these values, private keys as secrets; others stay. */
    async configure(config: Record<string, string>): Promise<void> {
        const values = Object.entries({ ...config, "kubernetes:kubeconfig": noCluster() }).flatMap(([key, value]) => [
            /Key$/.test(key) ? "--secret" : "--plaintext",
            `${key}=${value}`,
        ]);
        await this.pulumi(["config", "set-all", ...values]);
    }

    /**
     * The steps of a preview, from the engine's events. The digest of `--json` alone ends in a panic of the engine (3.253) where a secret is
     * unknown and its provider, of a cluster that is not there yet, too.
     */
    async preview(): Promise<PlannedStep[]> {
        const lines = await this.pulumi(["preview", "--json"], {
            env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
        });
        return lines
            .split("\n")
            .filter((line) => line.startsWith("{"))
            .map((line) => JSON.parse(line) as EngineEvent)
            .flatMap(({ resourcePreEvent }) => {
                const step = resourcePreEvent?.metadata;
                return step ? [{ op: step.op, urn: step.urn, newState: step.new }] : [];
            });
    }

    /** Edits a file of it. */
    replace(file: string, before: string, after: string): void {
        const path = join(this.folder, file);
        const text = readFileSync(path, "utf8");
        if (!text.includes(before)) {
            throw new Error(`${file} has no ${before}`);
        }
        writeFileSync(path, text.replaceAll(before, after));
    }
}

function versionOf(folder: string, name: string): string {
    const file = join(folder, "node_modules", "@pulumi", name, "package.json");
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
