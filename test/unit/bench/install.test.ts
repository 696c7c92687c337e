import assert from "node:assert/strict";
import { chartReleases } from "../../../bench/install/charts";
import { Round, figures } from "../../../bench/install/figures";
import { phases } from "../../../bench/install/phases";
import { program } from "../../../bench/install/program";
import { isMet } from "../../../bench/goal";
import { record, run } from "../../support/mocks";

const SCENERY = {
    kubeconfig: "{}",
    mesh: { charts: { base: "./base", istiod: "./istiod", gateway: "./gateway" }, hub: "registry.example/istio" },
    gateway: { minReplicas: 1 },
};

const resource = (name: string, from: number, to: number) => ({ urn: `urn:pulumi:one::two::a$b::${name}`, from, to });

describe("the installation that is measured", () => {
    it("is for helm alone what the components release", async () => {
        const recorder = await record();
        await run(recorder, () => program(SCENERY));
        const releases = chartReleases(SCENERY);
        const ours = recorder.ofType("kubernetes:helm.sh/v3:Release").map(({ name, inputs }) => ({
            ...{ resource: name, name: inputs.name, namespace: inputs.namespace },
            ...{ chart: inputs.chart, values: inputs.values },
        }));
        assert.deepEqual(
            ours,
            releases.map(({ resource, name, namespace, chart, values }) => ({
                ...{ resource, name, namespace, chart, values },
            })),
        );
    });

    it("is split by its charts", () => {
        const resources = [
            resource("mesh-namespace", 1, 1.5),
            resource("base", 2, 4),
            resource("istiod", 4.5, 10),
            resource("egress-namespace", 10, 11),
            resource("gateway", 11, 14),
            resource("rule", 14, 15),
        ];
        const split = phases(resources, ["base", "istiod", "gateway"], 17);
        assert.deepEqual(split, { before: 2, charts: [2, 5.5, 3], between: 1.5, after: 1, end: 2 });
        assert.throws(() => phases(resources, ["base", "cni"], 17), /made no cni, but mesh-namespace, base/);
    });

    it("is held against helm that waits for every chart, by medians", () => {
        const split = { before: 1, charts: [2, 5, 3], between: 0, after: 1, end: 1 };
        const round = (seconds: number, istiod: number): Round => ({
            ...{ seconds, processSeconds: seconds + 1, phases: split },
            ...{ helm: [4, istiod, 3], baseWithoutWait: 2 },
        });
        const [up, ...parts] = figures([round(13, 5), round(40, 60), round(14, 4)], ["base", "istiod", "gateway"]);
        assert.equal(up.ours, 14);
        assert.deepEqual(up.alternatives, { "helm alone": 12, "without --wait for base": 10 });
        assert.equal(isMet(up), false);
        assert.equal(isMet(figures([round(13, 5)], ["base", "istiod", "gateway"])[0]), true);
        assert.deepEqual(parts.find(({ id }) => id === "chart-base")?.alternatives, {
            ...{ "helm alone": 4, "without --wait for base": 2 },
        });
        assert.equal(parts.find(({ id }) => id === "between")?.spread, 0);
    });
});
