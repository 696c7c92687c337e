/** A query of a panel, and the legend of its series. */
export interface PanelQuery {
    expr: string;
    legend: string;
}

/** A time series panel. `unit` is one of Grafana's. */
export function panel(title: string, unit: string, queries: PanelQuery[]) {
    const datasource = { type: "prometheus", uid: "${datasource}" };
    return {
        type: "timeseries",
        title,
        datasource,
        fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8, showPoints: "never" } }, overrides: [] },
        options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
        targets: queries.map(({ expr, legend }, index) => ({
            refId: String.fromCharCode("A".charCodeAt(0) + index),
            datasource,
            expr,
            legendFormat: legend,
        })),
    };
}

/** A row of panels with a title. */
export function row(title: string, panels: ReturnType<typeof panel>[]) {
    return { title, panels };
}
