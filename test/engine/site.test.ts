import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { command } from "../../lab/command";
import { browser } from "../support/browser";
import { SITE, deadLinks, shows } from "../support/site";

const ROOT = join(__dirname, "../..");

describe("the documentation's site", function () {
    let folder: string;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-site-"));
        await command("npm", ["run", "--silent", "site"], { cwd: ROOT, env: { MESH_EGRESS_SITE: folder } });
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    it("has the README as its first page, and a page for each guide, mode and rule", () => {
        for (const page of ["index", "getting-started", "recovery", "templates", "modes/index", "rules/open-egress"]) {
            assert.ok(existsSync(join(folder, `${page}.html`)), page);
        }
    });

    it("has no link to a page or an anchor that is not there", () => {
        assert.deepEqual(deadLinks(folder), []);
    });

    describe("in a browser", function () {
        let chromium: Browser;
        let page: Page;

        before(async function () {
            chromium = await browser(this);
        });

        beforeEach(async () => {
            page = await chromium.newPage();
            await shows(page, folder);
        });

        afterEach(() => page.close());
        after(() => chromium?.close());

        for (const [path, heading] of [
            ["/", "mesh-egress"],
            ["/getting-started", "Getting started"],
            ["/recovery#the-api-servers-url-changed", "Recover a stuck update"],
        ]) {
            it(`shows ${path} without an error, and asks nobody else for anything`, async () => {
                const said: string[] = [];
                const asked: string[] = [];
                page.on("console", (message) => void (message.type() === "error" && said.push(message.text())));
                page.on("pageerror", (error) => said.push(String(error)));
                page.on("request", (request) => asked.push(request.url()));
                await page.goto(SITE + path, { waitUntil: "networkidle0" });
                const shown = String(await page.evaluate("document.querySelector('main h1').textContent"));
                assert.ok(shown.startsWith(heading), shown);
                assert.deepEqual(said, []);
                assert.deepEqual(
                    asked.filter((url) => !url.startsWith(SITE) && !url.startsWith("data:")),
                    [],
                );
            });
        }

        it("draws the diagrams, with their words", async () => {
            for (const path of ["/", "/modes/mutualTls"]) {
                await page.goto(SITE + path, { waitUntil: "networkidle0" });
                const width = Number(await page.evaluate(`document.querySelector('img[alt="Diagram"]').naturalWidth`));
                assert.ok(width > 200, `${path}: ${width}`);
                const words = await page.evaluate(
                    `new DOMParser().parseFromString(atob(document.querySelector('img[alt="Diagram"]').src.split(",")[1]), "image/svg+xml").documentElement.textContent`,
                );
                assert.ok(String(words).includes("gateway"), path);
                assert.equal(Number(await page.evaluate(`document.querySelectorAll(".language-mermaid").length`)), 0);
            }
        });

        it("finds a page by what it is about", async () => {
            await page.goto(SITE, { waitUntil: "networkidle0" });
            await page.click("button.DocSearch-Button");
            await page.waitForSelector("#localsearch-input");
            await page.type("#localsearch-input", "clusterIdentifier");
            await page.waitForSelector(".results .result");
            const first = String(
                await page.evaluate("document.querySelector('.results .result').getAttribute('href')"),
            );
            assert.match(first, /^\/(recovery|getting-started)/);
        });
    });
});
