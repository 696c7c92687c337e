import assert from "node:assert/strict";
import {
    AzureNeeds,
    AzureState,
    RESOURCE_PROVIDERS,
    familyOf,
    missingPrerequisites,
    neededVCpus,
} from "../../../../plan/azure/prerequisites";

const needs: AzureNeeds = {
    location: "westeurope",
    kubernetesVersion: "1.36.2",
    addonRevision: "asm-1-30",
    pools: [
        { vmSize: "Standard_D4ds_v5", maxNodes: 3 },
        { vmSize: "Standard_D2ds_v5", maxNodes: 2 },
    ],
};
const ready: AzureState = {
    loggedIn: true,
    hasKubelogin: true,
    registeredProviders: RESOURCE_PROVIDERS,
    kubernetesVersions: ["1.35", "1.36"],
    addonRevisions: ["asm-1-30"],
    freeVCpus: { Ddsv5: 22 },
};
const missing = (change: Partial<AzureState>) => missingPrerequisites(needs, { ...ready, ...change });

describe("what Azure needs before the first update", () => {
    it("is nothing where everything is there", () => assert.deepEqual(missing({}), []));

    const cases: [what: string, change: Partial<AzureState>, expected: RegExp, fix: RegExp][] = [
        ["a login", { loggedIn: false }, /logged in/, /^az login$/],
        ["kubelogin", { hasKubelogin: false }, /kubelogin/, /install-cli/],
        [
            "a resource provider",
            { registeredProviders: RESOURCE_PROVIDERS.slice(1) },
            /Microsoft\.Compute/,
            /az provider register --wait --namespace Microsoft\.Compute/,
        ],
        [
            "the version of Kubernetes in the region",
            { kubernetesVersions: ["1.35"] },
            /Kubernetes 1\.36/,
            /get-versions/,
        ],
        ["the revision of the add-on", { addonRevisions: [] }, /asm-1-30/, /get-revisions/],
        ["one vCPU more", { freeVCpus: { Ddsv5: 21 } }, /21 vCPUs left.*need 22/, /list-usage/],
        ["any vCPU of the family", { freeVCpus: {} }, /0 vCPUs left of family Ddsv5/, /list-usage/],
    ];
    for (const [what, change, expected, fix] of cases) {
        it(`names ${what} where it is missing, and the command`, () => {
            const [one, ...others] = missing(change);
            assert.match(one.what, expected);
            assert.match(one.fix, fix);
            assert.deepEqual(others, []);
        });
    }

    it("counts the nodes of an upgrade, family by family", () => {
        assert.deepEqual(neededVCpus(needs.pools), { Ddsv5: 4 * 4 + 3 * 2 });
        assert.equal(familyOf("Standard_E16-4ds_v5"), "Edsv5");
        assert.equal(familyOf("Standard_B2s"), "Bs");
    });
});
