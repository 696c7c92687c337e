import assert from "node:assert/strict";
import { dashboard } from "../../../../plan/observability/dashboard";

const { panels, uid, templating } = dashboard({ name: "egress-gateway", namespace: "istio-egress" });

describe("the dashboard", () => {
    it("has panels with an id each that do not overlap and stay on the page", () => {
        assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
        const taken = new Set<string>();
        for (const { gridPos } of panels) {
            assert.ok(gridPos.x + gridPos.w <= 24);
            for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
                for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
                    assert.ok(!taken.has(`${x},${y}`), `${x},${y}`);
                    taken.add(`${x},${y}`);
                }
            }
        }
    });

    it("asks of each panel something about the gateway's own namespace", () => {
        for (const panel of panels.filter(({ type }) => type === "timeseries")) {
            assert.ok("targets" in panel && panel.targets.length > 0);
            for (const { expr } of panel.targets) {
                assert.match(expr, /namespace="\$namespace"/);
            }
        }
        assert.ok(uid.length <= 40, "Grafana takes no longer id");
        assert.deepEqual(
            templating.list.map(({ name }) => name),
            ["datasource", "namespace", "host"],
        );
    });
});
