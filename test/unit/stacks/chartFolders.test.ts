import assert from "node:assert/strict";
import { chartFolders } from "../../../stacks/chartFolders";
import { stackConfig } from "../../support/stacks";

describe("folders of charts in the settings of a stack", () => {
    const charts = (given: object) => chartFolders({ ...stackConfig("dev"), mesh: { charts: given } }).mesh?.charts;

    it("begin at the root of the project, one above the folder of main", () => {
        assert.deepEqual(charts({ base: "./charts/base", istiod: "../shared/istiod", gateway: "/charts/gateway" }), {
            base: "../charts/base",
            istiod: "../../shared/istiod",
            gateway: "/charts/gateway",
        });
    });

    it("are not what names a chart of a repository", () => {
        const given = { repository: "https://charts.test", base: "base", gateway: "oci://charts.test/gateway:1.31.0" };
        assert.deepEqual(charts(given), given);
        assert.equal(chartFolders(stackConfig("dev")).mesh?.charts, undefined);
    });
});
