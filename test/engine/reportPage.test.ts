import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { htmlPage } from "../../report/html";
import { mermaid } from "../../report/mermaid";
import { reportOf } from "../../report/report";
import { Step } from "../../report/steps";
import { browser, inPage } from "../support/browser";
import { machine } from "../support/machine";
import { route, step, steps, urn } from "../support/previewSteps";
import { fewHosts, hostNames, manyHosts } from "../support/samplePreviews";

/** What WCAG asks of text of ordinary size. */
const READABLE = 4.5;
const THEMES = ["light", "dark"] as const;
const NOW = new Date("2026-01-01T00:00:00Z");

const allNew = (): Step[] =>
    steps(
        [],
        hostNames(300).flatMap((host) => route([host])),
    );
const longNames = (): Step[] =>
    steps([], route([`${"a-very-long-name-of-a-host-".repeat(2)}x.${"partner".repeat(8)}.example`]));

describe("the report's page in a browser", function () {
    let chromium: Browser;
    let folder: string;

    before(async function () {
        chromium = await browser(this);
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-page-"));
    });

    after(async () => {
        await chromium?.close();
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    /** Opens the page as a file, and hears what it says and asks for. */
    async function open(all: Step[], options: { theme?: "light" | "dark"; width?: number; script?: boolean } = {}) {
        const { theme = "light", width = 1100, script = true } = options;
        const file = join(folder, "report.html");
        await writeFile(file, htmlPage(reportOf(all, { stack: "dev", now: NOW })));
        const page = await chromium.newPage();
        const said: string[] = [];
        const asked: string[] = [];
        const refused: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(String(error)));
        page.on("request", (request) => asked.push(request.url()));
        page.on("requestfailed", (request) => refused.push(request.url()));
        await page.setJavaScriptEnabled(script);
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
        await page.setViewport({ width, height: 900 });
        await page.goto(pathToFileURL(file).href);
        return { page, said, asked, refused, address: pathToFileURL(file).href };
    }

    const previews = {
        "few hosts": fewHosts,
        "300 hosts": manyHosts,
        "300 new hosts": allNew,
        "long names": longNames,
    };

    it("opens as a file, asks for nothing else, and has nothing to complain about", async () => {
        const { page, said, asked, address } = await open(fewHosts());
        assert.deepEqual(asked, [address]);
        assert.deepEqual(said, []);
        assert.equal(await page.title(), "Preview of dev");
        await page.close();
    });

    it("lets nothing run that got into it, and nothing out", async () => {
        const { page, said, refused } = await open([]);
        await page.evaluate(`
            const script = document.createElement("script");
            script.textContent = "document.title = 'broken'";
            const image = document.createElement("img");
            image.src = "http://127.0.0.1:9/leak";
            document.body.append(script, image);
        `);
        await page.waitForNetworkIdle();
        assert.equal(await page.title(), "Preview of dev");
        assert.ok(
            said.some((text) => /Content Security Policy/.test(text)),
            said.join("\n"),
        );
        assert.deepEqual(refused, ["http://127.0.0.1:9/leak"]);
        await page.close();
    });

    for (const theme of THEMES) {
        it(`is readable in the ${theme} theme, the diagram's labels too`, async () => {
            const { page } = await open(fewHosts(), { theme });
            await page.evaluate('document.querySelector("details").open = true');
            const poor = (await inPage(page, "poorContrasts", READABLE)) as { looked: number; texts: string[] };
            assert.ok(poor.looked > 60, String(poor.looked));
            assert.deepEqual(poor.texts, []);
            const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
            assert.equal(back, theme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
            await page.close();
        });
    }

    for (const [name, preview] of Object.entries(previews)) {
        for (const width of [1100, 400]) {
            it(`has nothing beyond a window of ${width} pixels, and nothing over anything else: ${name}`, async () => {
                const { page } = await open(preview(), { width });
                await page.evaluate('document.querySelector("details").open = true');
                assert.deepEqual(await inPage(page, "layoutFaults"), []);
                await page.close();
            });
        }
    }

    it("groups 300 hosts into a diagram of a few boxes, of which the changed ones are their own", async () => {
        const { page } = await open(manyHosts());
        const labels = await labelsOf(page);
        assert.ok(labels.length <= 20, String(labels.length));
        for (const label of ["- h0.partner0.example", "+ new.partner.example", "299 hosts"]) {
            assert.ok(labels.includes(label), `${label} is not among ${labels.join(", ")}`);
        }
        await page.close();
    });

    it("can be gone through by keyboard: what is folded opens, the diagram scrolls", async () => {
        const { page } = await open(fewHosts(), { width: 400 });
        const focused = () => page.evaluate("document.activeElement.className || document.activeElement.tagName");
        const isOpen = () => page.evaluate('document.querySelector("details").open');
        await page.keyboard.press("Tab");
        assert.equal(await focused(), "diagram");
        await page.keyboard.press("ArrowRight");
        await page.waitForFunction('document.querySelector(".diagram").scrollLeft > 0');
        await page.keyboard.press("Tab");
        assert.equal(await focused(), "SUMMARY");
        assert.equal(await isOpen(), false);
        await page.keyboard.press("Enter");
        assert.equal(await isOpen(), true);
        await page.close();
    });

    it("reads the same without JavaScript", async () => {
        const { page } = await open(fewHosts(), { script: false });
        const text = String(await page.evaluate("document.body.innerText"));
        for (const part of ["1 added", "new.partner.example", "opened to payments/refunds", "nodes 1.34 → 1.35"]) {
            assert.ok(text.includes(part), part);
        }
        assert.ok((await labelsOf(page)).includes("+ new.partner.example"));
        await page.close();
    });

    it("tells a reader who does not see the marks what they mean", async () => {
        const { page } = await open(fewHosts());
        const marks = (await inPage(page, "marks")) as [string, string][];
        assert.ok(marks.length > 0);
        const words: Record<string, string> = {
            "+": "added",
            "-": "removed",
            "~": "changed",
            "±": "replaced",
            "=": "unchanged",
        };
        assert.deepEqual(
            marks.filter(([mark, label]) => label !== words[mark]),
            [],
        );
        await page.close();
    });

    it("has no secret anywhere in it", async () => {
        const secret = "a-word-that-nobody-may-see";
        const inputs = {
            metadata: { name: "partner-a", namespace: "istio-egress", annotations: { note: secret } },
            type: "kubernetes.io/tls",
            data: { [secret]: secret },
        };
        const { page } = await open([
            ...fewHosts(),
            step("update", urn("kubernetes:core/v1:Secret", "one"), inputs, inputs),
        ]);
        const html = await page.content();
        assert.match(html, /content of credential/);
        assert.ok(!html.includes(secret));
        await page.close();
    });

    for (const [name, preview] of Object.entries(previews)) {
        it(`has a diagram for Markdown that Mermaid draws with every label: ${name}`, async function () {
            const { path } = await machine.tool(this, "mermaid");
            const { diagram } = reportOf(preview(), { stack: "dev", now: NOW });
            const page = await chromium.newPage();
            await page.addScriptTag({ path });
            const labels = (await inPage(page, "drawnLabels", mermaid(diagram))) as string[];
            const boxes = [...diagram.callers, ...diagram.gateways, ...diagram.hosts];
            for (const { label } of boxes) {
                const shown = label.slice(0, 70);
                assert.ok(
                    labels.some((text) => text.includes(shown)),
                    `${shown} is not among ${labels.join(", ")}`,
                );
            }
            await page.close();
        });
    }
});

async function labelsOf(page: Page): Promise<string[]> {
    return (await inPage(page, "textsOf", "svg g text")) as string[];
}
