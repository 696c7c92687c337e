import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import * as yaml from "yaml";
import * as sources from "../../../plan/shared/officialSources";
import { FAMILIES, NOT_RUN, RUN_BY } from "../../support/documentedCommands";

const ROOT = join(__dirname, "../../..");
/** Pages for readers; those of docs/modes, docs/rules and docs/bench have tests of their own. */
const FRONT = ["README.md", "CONTRIBUTING.md", "templates/README.md"];
/** For Pulumi's registry, with a test of their own. */
const OF_REGISTRY = ["docs/_index.md", "docs/installation-configuration.md"];
const GUIDES = readdirSync(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`)
    .filter((file) => !OF_REGISTRY.includes(file));
/** What is not a page of ours, and what tells of another time. */
const NO_PAGES = /^(node_modules|bin|dist|cache|charts|\.changeset|\.git|CHANGELOG\.md)$/;
const DECISIONS = readdirSync(join(ROOT, "docs/decisions")).map((file) => `docs/decisions/${file}`);

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

function brokenLinks(file: string): string[] {
    const text = read(file).replaceAll(/^```[^]*?^```$/gm, "");
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^https?:/.test(target))
        .filter((target) => {
            const [path, anchor] = target.split("#");
            const page = path === "" ? file : join(dirname(file), path);
            return !existsSync(join(ROOT, page)) || (anchor && page.endsWith(".md") && !anchors(page).includes(anchor));
        });
}

/** As GitHub makes them from headings. */
function anchors(file: string): string[] {
    return [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
            .replaceAll(" ", "-"),
    );
}

/** Every page of the repository for readers, in whatever folder. */
const PAGES = pagesIn("");

function pagesIn(folder: string): string[] {
    return readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter(({ name }) => !NO_PAGES.test(name))
        .flatMap((entry) => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? pagesIn(path) : path.endsWith(".md") ? [path] : [];
        });
}

function commands(file: string): string[] {
    return [...read(file).matchAll(/^ *```(?:sh|bash|shell|console)\n([^]*?)^ *```$/gm)]
        .flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n"))
        .map((line) => line.replace(/ +# .*$/, "").trim())
        .filter((line) => line !== "");
}

/** Commands with which a numbered step begins. */
function commandsOfSteps(file: string): string[] {
    return [
        ...read(file).matchAll(/^ *\d+\. (?:Run )?`((?:npx|mesh-egress|npm|pulumi|kubectl|istioctl|helm) [^`]*)`/gm),
    ].map(([, command]) => command);
}

describe("README and pages", () => {
    it("have a README of at most 150 lines with a status box", () => {
        const readme = read("README.md");
        assert.ok(readme.trimEnd().split("\n").length <= 150);
        assert.match(readme, /^## Status\n\n> \*\*Not verified yet\.\*\*$/m);
    });

    it("link to nothing that is not there", () => {
        for (const file of [...FRONT, ...GUIDES, ...DECISIONS]) {
            assert.deepEqual(brokenLinks(file), [], file);
        }
    });

    it("begin with what the reader can do after reading", () => {
        for (const file of GUIDES) {
            assert.match(read(file), /^# .*\n\nAfter reading this page you /, file);
        }
    });

    it("have no command that is neither run by a test nor listed as not run, with its reason", () => {
        for (const page of [...FRONT, ...GUIDES, ...OF_REGISTRY, "policy/README.md", "lab/README.md"]) {
            assert.ok(PAGES.includes(page), page);
        }
        const documented = [...new Set(PAGES.flatMap((page) => [...commands(page), ...commandsOfSteps(page)]))];
        const listed = [...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)];
        const inFamily = (command: string) => Object.keys(FAMILIES).some((start) => command.startsWith(start));
        const unlisted = documented.filter((command) => !listed.includes(command) && !inFamily(command));
        assert.deepEqual(unlisted, [], "add it to test/support/documentedCommands.ts");
        const gone = [
            ...listed.filter((command) => !documented.includes(command)),
            ...Object.keys(FAMILIES).filter((start) => !documented.some((command) => command.startsWith(start))),
        ];
        assert.deepEqual(gone, [], "is on no page any more");
        const tests = [...Object.values(RUN_BY), ...Object.values(FAMILIES)];
        for (const test of tests.filter((one) => !one.startsWith("not run: "))) {
            assert.ok(existsSync(join(ROOT, test)), test);
        }
    });

    it("have their commands in fenced blocks, where these tests find them", () => {
        const command = /^ {4,}(npm|npx|pulumi|kubectl|istioctl|helm|kind|az) .*$/gm;
        for (const page of PAGES) {
            assert.deepEqual(
                read(page)
                    .replaceAll(/^ *```[^]*?^ *```$/gm, "")
                    .match(command),
                null,
                page,
            );
        }
    });

    it("read all lines of several pods' logs, not the last ten of each", () => {
        for (const page of PAGES) {
            const cut = [...read(page).matchAll(/kubectl logs [^`|\n]*/g)]
                .map(([command]) => command)
                .filter((command) => / (-l|--selector)\b/.test(command) && !/ --tail=/.test(command));
            assert.deepEqual(cut, [], page);
        }
    });

    it("name no script of package.json that is not there", () => {
        const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
        for (const page of PAGES) {
            const named = [...read(page).matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name]) => name);
            const missing = named.filter((name) => !(name in scripts));
            assert.deepEqual(missing, [], page);
        }
    });

    it("say of each official source what the package takes", () => {
        const page = read("docs/versions.md");
        for (const [name, value] of Object.entries(sources)) {
            assert.ok(page.includes(`\`${value}\``), `${name}: ${value}`);
        }
    });
});

describe("the project's files for the engine", () => {
    it("name a tsconfig that the language host finds from the folder of main", () => {
        const project = yaml.parse(read("Pulumi.yaml")) as {
            main: string;
            runtime: { options: { tsconfig: string } };
        };
        const found = join(dirname(project.main), project.runtime.options.tsconfig);
        assert.equal(found, "tsconfig.json");
        assert.ok(existsSync(join(ROOT, found)));
    });

    it("install the plugin without the packages of its developers", () => {
        const plugin = yaml.parse(read("PulumiPlugin.yaml")) as { runtime: { name: string; options: object } };
        assert.deepEqual(plugin.runtime, { name: "nodejs", options: { production: true } });
    });

    for (const stack of ["local", "dev", "staging", "prod"]) {
        it(`have a ${stack} stack with the official charts`, () => {
            const { config } = yaml.parse(read(`stacks/Pulumi.${stack}.yaml`)) as {
                config: Record<string, { charts?: object }>;
            };
            assert.equal(config["mesh-egress:mesh"]?.charts, undefined);
        });
    }

    it("support the same Node.js versions in the package and its lock", () => {
        const manifest = JSON.parse(read("package.json")) as { engines: object };
        const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { engines: object }> };
        assert.deepEqual(lock.packages[""].engines, manifest.engines);
    });
});
