import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { EgressMode } from "../../../components";
import { issue, keyPem } from "../../support/certificates";
import { Page, readPage } from "../../support/markdown";
import { Recorded, record, run } from "../../support/mocks";

const ROOT = join(__dirname, "../../..");
const PAGES = join(ROOT, "docs/modes");
const EXAMPLES = join(ROOT, "examples/modes");
const MODES = Object.values(EgressMode);

const SECTIONS = [
    "When",
    "Diagram",
    "Example",
    "Objects",
    "What applications call",
    "Who is checked, and how",
    "What goes wrong without it",
    "Choices",
];

const load = createRequire(__filename);

/** Runs a program from its first line on, also where it has been run before. */
function runProgram(file: string): void {
    delete load.cache[load.resolve(file)];
    load(file);
}

/** What the examples read from the stack's configuration. */
async function certificates(): Promise<Record<string, string>> {
    const day = 24 * 3_600_000;
    const valid = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
    const server = await issue({ subject: "CN=Partner", ca: true, ...valid });
    const own = await issue({ subject: "CN=Clients", ca: true, ...valid });
    const client = await issue({ subject: "CN=billing", issuer: own, ...valid });
    return {
        clientCertificate: client.certificate,
        clientKey: keyPem(client.key),
        clientCa: own.certificate,
        serverCa: server.certificate,
    };
}

function kind({ type, inputs }: Recorded): string {
    return (inputs.kind as string | undefined) ?? type.split(":").at(-1)!;
}

/** How many objects of each kind the page's table names, for so many hosts. */
function promised(page: Page, hosts: number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [name, howMany] of page.table("Objects")) {
        assert.match(howMany, /^1( per host)?$/, name);
        counts[name] = (counts[name] ?? 0) + (howMany === "1" ? 1 : hosts);
    }
    return counts;
}

describe("the pages of the modes", () => {
    const e2e = join(ROOT, "test/e2e");
    const e2eTests = readdirSync(e2e)
        .map((file) => readFileSync(join(e2e, file), "utf8"))
        .join("\n");

    after(() => pulumi.runtime.setAllConfig({}));

    it("are one for each mode, as the examples are, and one that chooses", () => {
        const names = (folder: string, ending: string) =>
            readdirSync(folder)
                .map((file) => basename(file, ending))
                .sort();
        assert.deepEqual(names(PAGES, ".md"), [...MODES, "README"].sort());
        assert.deepEqual(names(EXAMPLES, ".ts"), [...MODES].sort());
        const modes = readFileSync(join(PAGES, "README.md"), "utf8");
        const front = readFileSync(join(ROOT, "README.md"), "utf8");
        for (const mode of MODES) {
            assert.ok(modes.includes(`[${mode}](${mode}.md)`), mode);
            assert.ok(front.includes(`[${mode}](docs/modes/${mode}.md)`), mode);
        }
    });

    it("explain the messages of istioctl that the tests take for wrong, and no others", () => {
        const codes = (text: string) => [...new Set(text.match(/IST\d{4}/g))].sort();
        assert.deepEqual(codes(readFileSync(join(PAGES, "README.md"), "utf8")), codes(e2eTests));
    });

    it("lead nowhere that is not there", () => {
        for (const file of readdirSync(PAGES)) {
            const links = readFileSync(join(PAGES, file), "utf8").matchAll(/\]\(([^)#]*)(?:#[^)]*)?\)/g);
            for (const [link, target] of links) {
                assert.ok(existsSync(join(PAGES, target)), `${file}: ${link}`);
            }
        }
    });

    for (const mode of MODES) {
        describe(mode, () => {
            const page = readPage(join(PAGES, `${mode}.md`));
            const example = join(EXAMPLES, `${mode}.ts`);

            it("has the sections that all have, something in each, and is short", () => {
                assert.equal(page.title, mode);
                assert.deepEqual(page.sections, SECTIONS);
                for (const section of SECTIONS) {
                    assert.ok(page.section(section).trim(), section);
                }
                assert.ok(page.lines <= 90, `${page.lines} lines`);
            });

            it("has a diagram with an arrow at least", () => {
                assert.match(page.code("Diagram", "mermaid"), /^flowchart LR\n[^]*-->/);
            });

            it("shows the example as it is", () => {
                assert.equal(page.code("Example", "ts"), readFileSync(example, "utf8"));
            });

            it("names the objects that the example makes, and how many of each", async () => {
                const recorder = await record();
                const config = Object.entries(await certificates());
                pulumi.runtime.setAllConfig(Object.fromEntries(config.map(([key, pem]) => [`project:${key}`, pem])));
                await run(recorder, () => runProgram(example));

                const routes = recorder.ofType("mesh-egress:index:EgressRoute");
                assert.deepEqual(
                    routes.map(({ inputs }) => inputs.mode),
                    [mode],
                );
                const hosts = recorder.resources
                    .filter((one) => kind(one) === "ServiceEntry")
                    .flatMap(({ inputs }) => (inputs.spec as { hosts: string[] }).hosts);
                assert.ok(hosts.length > 1, "one host would not tell what there is a host from what there is a route");
                const made: Record<string, number> = {};
                for (const one of recorder.resources.filter(({ custom }) => custom)) {
                    made[kind(one)] = (made[kind(one)] ?? 0) + 1;
                }
                assert.deepEqual(made, promised(page, hosts.length));
            });

            it("names tests that there are as evidence", () => {
                const titles = page.table("What goes wrong without it").map((row) => row.at(-1)!);
                assert.ok(titles.length > 0);
                for (const title of titles) {
                    assert.ok(e2eTests.includes(`"${title.replaceAll("`", "")}"`), title);
                }
            });
        });
    }
});
