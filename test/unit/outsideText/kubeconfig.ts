import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { kubeconfigFor } from "../../../plan/azure/kubeconfig";
import { RUNS, assertHidden, damaged, jsonWith, newSecrets } from "../../support/fuzz";

describe("a kubeconfig", () => {
    const secrets = newSecrets();

    it("is changed, or refused without a part of its token, password or key", () => {
        const { token, password, pemInBase64 } = secrets;
        const users = [
            { name: "one", user: { token } },
            { name: "two", user: { username: "jane", password, "client-key-data": pemInBase64 } },
            { name: "three", user: { exec: { command: "kubelogin", args: ["get-token"] } } },
        ];
        const kubeconfig = stringify({ apiVersion: "v1", kind: "Config", users });
        const other = jsonWith("users", "user", "name", "exec", "args", "command").map((value) => stringify(value));
        let [read, refused] = [0, 0];
        fc.assert(
            fc.property(fc.oneof({ weight: 4, arbitrary: damaged(kubeconfig) }, other, fc.string()), (text) => {
                try {
                    JSON.parse(kubeconfigFor("azureCli", text));
                    read += 1;
                } catch (error) {
                    assert.match(String(error), /kubeconfig that is not YAML/);
                    assertHidden(secrets, String(error));
                    refused += 1;
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(read > 0 && refused > 0, `${read} read, ${refused} refused`);
    });
});
