import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { warnOfMissingSwitches } from "../../../../components/internal/providerSwitches";
import { warningsOf } from "../../../support/warnings";

/** What a program is warned about whose component is given the options that `options` makes. */
const warnings = (options: () => pulumi.ComponentResourceOptions, times = 1) =>
    warningsOf(() => {
        const opts = options();
        for (let index = 0; index < times; index++) {
            const component = new pulumi.ComponentResource("test:index:It", `it-${index}`, {}, opts);
            warnOfMissingSwitches(component, opts);
        }
    });

describe("the switches of a program's own Kubernetes provider", () => {
    it("are asked for by name, with the line to add, once for each cluster", async () => {
        const said = await warnings(() => ({ providers: [new Provider("own")] }), 2);
        assert.equal(said.length, 2);
        assert.match(said.join("\n"), /enableSecretMutable: true,/);
        assert.match(said.join("\n"), /enableConfigMapMutable: true,/);
    });

    it("are not asked for where they are on", async () => {
        const on = { enableSecretMutable: true, enableConfigMapMutable: true };
        assert.deepEqual(await warnings(() => ({ providers: [new Provider("own", on)] })), []);
        const [only, ...others] = await warnings(() => ({
            providers: [new Provider("own", { enableSecretMutable: true })],
        }));
        assert.match(only, /enableConfigMapMutable/);
        assert.deepEqual(others, []);
    });

    it("are asked for in the configuration where the provider is the default one", async () => {
        const said = await warnings(() => ({}));
        assert.match(said.join("\n"), /pulumi config set kubernetes:enableSecretMutable true/);
        pulumi.runtime.setConfig("kubernetes:enableSecretMutable", "true");
        pulumi.runtime.setConfig("kubernetes:enableConfigMapMutable", "true");
        try {
            assert.deepEqual(await warnings(() => ({})), []);
        } finally {
            pulumi.runtime.setAllConfig({});
        }
    });
});
