import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { dashboard } from "../../plan/observability/dashboard";
import { openBrowser } from "./browser";
import type { Prometheus } from "./runPrometheus";

/*
 * A stand-in for Grafana's picture of a dashboard: Grafana cannot be had on the machine where the documentation is made. The panels,
 * their places, queries and legends are the dashboard's own, the data is Prometheus', and the charts are drawn by uPlot, as Grafana's are.
 */

const SECONDS = 180;
const STEP = 3;
const WIDTH = 1500;
/** Pixels of a row of the dashboard's grid. */
const ROW = 30;

interface DrawnPanel {
    title: string;
    unit: string;
    place: { x: number; y: number; w: number; h: number };
    times: number[];
    series: { legend: string; values: (number | null)[] }[];
}

/** Draws the dashboard's last minutes into a PNG file. `replacements` are the values of its variables. */
export async function drawDashboard(
    { panels }: ReturnType<typeof dashboard>,
    prometheus: Prometheus,
    replacements: Record<string, string>,
    { chromium, file }: { chromium: string; file: string },
): Promise<void> {
    const drawn: DrawnPanel[] = [];
    for (const panel of panels) {
        const { title, gridPos: place } = panel;
        const unit = "fieldConfig" in panel ? panel.fieldConfig.defaults.unit : "";
        const series: DrawnPanel["series"] = [];
        const end = Math.floor(Date.now() / 1000 / STEP) * STEP;
        const times = Array.from({ length: SECONDS / STEP }, (_, index) => end - SECONDS + (index + 1) * STEP);
        for (const { expr, legendFormat } of "targets" in panel ? panel.targets : []) {
            const expression = Object.entries(replacements).reduce(
                (text, [from, to]) => text.replaceAll(from, to),
                expr,
            );
            for (const { metric, values } of await prometheus.queryRange(expression, SECONDS, STEP)) {
                const at = new Map(values.map(([time, value]) => [Math.floor(time / STEP), Number(value)]));
                series.push({
                    legend: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ""),
                    values: times.map((time) => at.get(Math.floor(time / STEP)) ?? null),
                });
            }
        }
        drawn.push({ title, unit, place, times, series });
    }
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-dashboard-"));
    const browser = await openBrowser(chromium);
    try {
        const source = join(folder, "dashboard.html");
        writeFileSync(source, page(drawn));
        const tab = await browser.newPage();
        const problems: unknown[] = [];
        tab.on("pageerror", (problem) => problems.push(problem));
        await tab.setViewport({ width: WIDTH, height: 800 });
        await tab.goto(pathToFileURL(source).href);
        if (problems.length > 0) {
            throw new Error(`the page failed: ${String(problems[0])}`);
        }
        await tab.screenshot({ path: file, fullPage: true });
    } finally {
        await browser.close();
        rmSync(folder, { recursive: true });
    }
}

function page(panels: DrawnPanel[]): string {
    const uplot = (name: string) => readFileSync(require.resolve(`uplot/dist/${name}`), "utf8");
    return `<!doctype html><meta charset="utf-8"><style>${uplot("uPlot.min.css")}
body { margin: 12px; background: #f4f5f5; font: 13px system-ui, sans-serif; color: #24292e; }
main { display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: ${ROW}px; gap: 8px; }
.panel { background: #fff; border: 1px solid #e4e7e7; padding: 6px 8px; overflow: hidden; }
h2 { font-size: 15px; margin: 6px 0; }
h3 { font-size: 13px; margin: 0 0 4px; }
.u-legend { font-size: 11px; text-align: left; }
.u-legend .u-value { display: none; }
</style><main></main><script>${uplot("uPlot.iife.min.js")}</script><script>
const panels = ${JSON.stringify(panels).replaceAll("<", "\\u003c")};
${readFileSync(join(__dirname, "dashboardPage.mjs"), "utf8").replaceAll("export ", "")}
drawPanels(panels, ${ROW});
</script>`;
}
