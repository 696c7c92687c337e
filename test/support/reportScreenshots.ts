import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtBinary } from "../../lab/build/build";
import { htmlPage } from "../../report/html";
import { reportOf } from "../../report/report";
import { openBrowser } from "./browser";
import { fewHosts } from "./samplePreviews";

/*
 * Takes the pictures of docs/report.md: npm run docs:screenshots. Needs Chromium: npm run lab -- build extra.
 */

const FOLDER = join(__dirname, "../../docs/images");
const WIDTH = 880;

async function main(): Promise<void> {
    const executable = builtBinary("chromium");
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-screenshots-"));
    const file = join(folder, "report.html");
    writeFileSync(file, htmlPage(reportOf(fewHosts(), { stack: "dev", now: new Date("2026-01-01T00:00:00Z") })));
    const chromium = await openBrowser(executable);
    try {
        const page = await chromium.newPage();
        await page.setViewport({ width: WIDTH, height: 800 });
        for (const theme of ["light", "dark"] as const) {
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
            await page.goto(pathToFileURL(file).href);
            // Without the last part, which is folded.
            const height = Number(await page.evaluate('document.querySelector("details").offsetTop'));
            const clip = { x: 0, y: 0, width: WIDTH, height };
            await page.screenshot({ path: join(FOLDER, `report-${theme}.png`), clip });
        }
    } finally {
        await chromium.close();
        rmSync(folder, { recursive: true });
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
