import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { packed } from "../support/packed";

const ROOT = join(__dirname, "../..");

describe("the package's API", function () {
    this.timeout(300_000);

    // The report is made from what the package's build left.
    before(() => packed());

    it("is the one in docs/api, so that a change to it shows in the review; if not: npm run api", () => {
        const config = ExtractorConfig.loadFileAndPrepare(join(ROOT, "api-extractor.json"));
        const said: string[] = [];
        const { succeeded } = Extractor.invoke(config, {
            messageCallback: (message) => {
                message.handled = true;
                if (message.logLevel === ExtractorLogLevel.Error) said.push(message.text);
            },
        });
        assert.equal(readFileSync(config.reportFilePath, "utf8"), readFileSync(config.reportTempFilePath, "utf8"));
        assert.deepEqual(said, []);
        assert.ok(succeeded);
    });
});
