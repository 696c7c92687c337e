import assert from "node:assert/strict";
import { registryHosts, validateRegistryHosts, validateRegistryId } from "../../../../plan/azure/registry";

const id = "/subscriptions/s/resourceGroups/images/providers/Microsoft.ContainerRegistry/registries/Acme1";

describe("a container registry", () => {
    it("has two hosts, in lower case and in its region", () => {
        assert.deepEqual(registryHosts(id, "WestEurope"), ["acme1.azurecr.io", "acme1.westeurope.data.azurecr.io"]);
        assert.deepEqual(validateRegistryHosts("allowedFqdns", registryHosts(id, "westeurope")), []);
    });

    it("is not reached by its login server alone", () => {
        for (const hosts of [
            ["acme1.azurecr.io"],
            ["*.azurecr.io"],
            ["acme1.azurecr.io", "other.westeurope.data.azurecr.io"],
        ]) {
            const [violation, ...others] = validateRegistryHosts("allowedFqdns", hosts);
            assert.equal(violation.path, "allowedFqdns[0]");
            assert.match(violation.fix, /cluster\.registryIds/);
            assert.deepEqual(others, []);
        }
        assert.deepEqual(validateRegistryHosts("allowedFqdns", ["docker.io", "azurecr.io.example.com"]), []);
    });

    it("is named by its id", () => {
        assert.deepEqual(validateRegistryId("x", id), []);
        for (const wrong of ["acme1", "acme1.azurecr.io", `${id}/tokens/a`, id.replace("Acme1", "a-b-c-d-e")]) {
            assert.equal(validateRegistryId("x", wrong).length, 1, wrong);
        }
    });
});
