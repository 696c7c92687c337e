/* global document, uPlot */

/** Draws the panels of a dashboard with uPlot, each at its place in the grid. Runs in the page. */
export function drawPanels(panels, row) {
    const colours = ["#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#f2495c", "#b877d9", "#37872d", "#1f60c4", "#8f3bb8"];
    const short = (value) =>
        Math.abs(value) >= 1e6
            ? `${+(value / 1e6).toFixed(1)} M`
            : Math.abs(value) >= 1e3
              ? `${+(value / 1e3).toFixed(1)} k`
              : String(+value.toPrecision(3));
    const text = (value, unit) =>
        unit === "percentunit"
            ? `${+(value * 100).toFixed(1)} %`
            : unit === "s"
              ? `${+(value / 3600).toFixed(1)} h`
              : `${short(value)}${{ ms: " ms", reqps: " req/s", ops: " /s", Bps: " B/s", bytes: " B" }[unit] ?? ""}`;
    const element = (name, className, content) => {
        const made = document.createElement(name);
        made.className = className;
        made.textContent = content;
        return made;
    };
    const main = document.querySelector("main");
    for (const { title, unit, place, times, series } of panels) {
        const box = element("section", unit === "" ? "row" : "panel", "");
        box.style.gridColumn = `${place.x + 1} / span ${place.w}`;
        box.style.gridRow = `${place.y + 1} / span ${place.h}`;
        box.append(element(unit === "" ? "h2" : "h3", "", title));
        main.append(box);
        if (unit === "") {
            continue;
        }
        const lines = series.map(({ legend }, index) => {
            const stroke = colours[index % colours.length];
            return { label: legend, stroke, fill: `${stroke}14`, width: 1.5, points: { show: false } };
        });
        new uPlot(
            {
                width: box.clientWidth - 16,
                height: place.h * (row + 8) - 45 - 18 * Math.min(4, Math.ceil(series.length / 2)),
                scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] } },
                axes: [{}, { size: 80, values: (_, ticks) => ticks.map((tick) => text(tick, unit)) }],
                series: [{}, ...lines],
            },
            [times, ...series.map(({ values }) => values)],
            box,
        );
    }
}
