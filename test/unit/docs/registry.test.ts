import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { registryFields } from "../../../scripts/registry";
import { componentNames, packageJson } from "../../../scripts/schema";

const ROOT = join(__dirname, "../../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The categories that the registry knows: CategoryNameMap in tools/resourcedocsgen/pkg/lookup.go of pulumi/registry. */
const CATEGORIES = ["cloud", "database", "infrastructure", "monitoring", "network", "utility", "vcs"];
/** The pages that it fetches from docs/ at the tag of a release; for packages of others than Pulumi both are required. */
const PAGES = ["docs/_index.md", "docs/installation-configuration.md"];

describe("what Pulumi's registry reads", () => {
    const schema = JSON.parse(read("schema.json")) as Record<string, unknown> & { keywords: string[] };
    const url = "git+https://github.com/example/pulumi-mesh-egress.git";

    it("has in the committed schema what it refuses a package for, and how it tells a component", () => {
        assert.match(schema.version as string, /^\d+\.\d+\.\d+(-[\w.]+)?$/);
        assert.ok(schema.publisher);
        assert.ok(schema.displayName);
        assert.equal(schema.license, "Apache-2.0");
        assert.ok(schema.keywords.includes("kind/component"));
        const categories = schema.keywords.filter((one) => one.startsWith("category/")).map((one) => basename(one));
        assert.equal(categories.length, 1);
        assert.ok(CATEGORIES.includes(categories[0]), categories[0]);
    });

    it("finds the repository, the logo and the plugin once package.json names the repository", () => {
        const fields = registryFields({ ...packageJson(), repository: { url } });
        assert.equal(fields.repository, "https://github.com/example/pulumi-mesh-egress");
        assert.equal(fields.pluginDownloadURL, "github://api.github.com/example/pulumi-mesh-egress");
        const logo = /^https:\/\/raw\.githubusercontent\.com\/example\/pulumi-mesh-egress\/main\/(.*)$/.exec(
            fields.logoUrl ?? "",
        )?.[1];
        assert.match(read(logo ?? ""), /^<svg /);
    });

    it("is told of no repository before, since nobody could download anything from it", () => {
        const { repository: _, ...manifest } = packageJson();
        assert.equal(registryFields(manifest as ReturnType<typeof packageJson>).pluginDownloadURL, undefined);
    });

    for (const wrong of ["https://gitlab.example/example/mesh-egress.git", "example/mesh-egress", ""]) {
        it(`is told of no plugin at ${JSON.stringify(wrong)}`, () => {
            assert.throws(
                () => registryFields({ ...packageJson(), repository: { url: wrong } }),
                /repository\.url .* expected a URL such as "git\+https:\/\/github\.com\/OWNER\/mesh-egress\.git"/,
            );
        });
    }

    it("gets the repository's name from the release's workflow, before the schema of the next version is made", () => {
        const workflow = read(".github/workflows/release.yml");
        const named = workflow.indexOf("npm pkg set repository.type=git");
        assert.ok(named > 0 && named < workflow.indexOf("version: npm run release:version"));
        assert.match(packageJson().scripts["release:version"], /changeset version .*npm run schema/);
    });

    for (const page of PAGES) {
        it(`finds ${page}, which begins as its pages must`, () => {
            const [, matter] = /^---\n([^]*?)\n---\n/.exec(read(page)) ?? [];
            assert.deepEqual(Object.keys(parse(matter) as object), ["title", "meta_desc", "layout"]);
            assert.equal((parse(matter) as { layout: string }).layout, "package");
            // It has no other page of this repository to link to.
            assert.doesNotMatch(read(page), /\]\((?!https:)/);
        });
    }

    it("shows an example in each language: the templates for routes", () => {
        const page = read(PAGES[0]);
        const block = (fence: string) => new RegExp(`\`\`\`${fence}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? "";
        const squeezed = (text: string) => text.replaceAll(/\s+/g, "");
        assert.equal(squeezed(block("typescript")), squeezed(read("templates/routesOnly/typescript/index.ts")));
        assert.equal(block("python"), read("templates/routesOnly/python/__main__.py"));
        assert.ok(read("templates/routesOnly/yaml/Pulumi.yaml").endsWith(block("yaml")));
        assert.ok(block("yaml").length > 100);
    });

    it("names components that exist", () => {
        const named = [...read(PAGES[0]).matchAll(/`(\w+)`/g)].map(([, name]) => name);
        assert.ok(named.includes("EgressRoute"));
        assert.deepEqual(
            named.filter((name) => !componentNames.includes(name)),
            [],
        );
    });
});
