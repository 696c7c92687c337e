import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
    AzureNeeds,
    AzureState,
    RESOURCE_PROVIDERS,
    SizeFacts,
    missingPrerequisites,
    neededVCpus,
} from "../../../../plan/azure/prerequisites";

const zones = ["1", "2", "3"];
const sizes: Record<string, SizeFacts> = {
    Standard_D4ds_v5: { family: "standardDDSv5Family", vCpus: 4, zones },
    Standard_D2ds_v5: { family: "standardDDSv5Family", vCpus: 2, zones },
};
const needs: AzureNeeds = {
    location: "westeurope",
    adminGroup: "group",
    kubernetesVersion: "1.36.2",
    addonRevision: "asm-1-30",
    pools: [
        { vmSize: "Standard_D4ds_v5", maxNodes: 3, surge: 1, zones },
        { vmSize: "Standard_D2ds_v5", maxNodes: 2, surge: 1, zones },
    ],
};
const ready: AzureState = {
    loggedIn: true,
    subscription: { name: "Production", state: "Enabled" },
    hasKubelogin: true,
    roles: ["Owner"],
    isAdministrator: true,
    registeredProviders: RESOURCE_PROVIDERS,
    kubernetesVersions: ["1.35", "1.36"],
    addonRevisions: { "asm-1-30": ["1.36"] },
    sizes,
    freeVCpus: { standardddsv5family: 22, cores: 22 },
};
const missing = (change: Partial<AzureState>) => missingPrerequisites(needs, { ...ready, ...change });

describe("what Azure needs before the first update", () => {
    it("is nothing where everything is there", () => assert.deepEqual(missing({}), []));

    it("includes the providers of managed Prometheus only where it is asked for", () => {
        const asked = missingPrerequisites({ ...needs, hasManagedPrometheus: true }, ready);
        assert.deepEqual(
            asked.map(({ fix }) => fix.split(" ").pop()),
            ["Microsoft.AlertsManagement", "Microsoft.Monitor"],
        );
    });

    it("includes the provider of the Azure Policy add-on only with it", () => {
        const asked = missingPrerequisites({ ...needs, hasAzurePolicy: true }, ready);
        assert.deepEqual(
            asked.map(({ fix }) => fix.split(" ").pop()),
            ["Microsoft.PolicyInsights"],
        );
    });

    it("includes a role for locks only where one is asked for, and roles on a resource group that exists", () => {
        const wanted = { ...needs, hasDeleteLock: true, resourceGroupName: "rg-aks" };
        const asked = (roles: string[]) => missingPrerequisites(wanted, { ...ready, roles });
        const both = ["Contributor", "Role Based Access Control Administrator"];
        assert.deepEqual(missing({ roles: both }), []);
        assert.deepEqual(
            asked(both).map(({ what }) => what),
            ["The role Locks Contributor on the resource group rg-aks is missing"],
        );
        assert.match(asked(both)[0].fix, / --scope \/subscriptions\/<id>\/resourceGroups\/rg-aks$/);
        assert.deepEqual(asked([...both, "Locks Contributor"]), []);
        assert.deepEqual(asked(["Contributor", "User Access Administrator"]), []);
    });

    const cases: [what: string, change: Partial<AzureState>, expected: RegExp, fix: RegExp][] = [
        ["a login", { loggedIn: false }, /logged in/, /^az login$/],
        [
            "an enabled subscription",
            { subscription: { name: "Old", state: "Disabled" } },
            /Old is Disabled/,
            /az account set/,
        ],
        ["kubelogin", { hasKubelogin: false }, /kubelogin/, /install-cli/],
        ["Contributor", { roles: ["User Access Administrator", "Reader"] }, /role Contributor/, /--role "Contributor"/],
        [
            "the right to give roles",
            { roles: ["Contributor"] },
            /Access Control Administrator/,
            /role assignment create/,
        ],
        ["membership", { isAdministrator: false }, /group group/, /az ad group member add --group group/],
        [
            "a resource provider",
            { registeredProviders: RESOURCE_PROVIDERS.slice(1) },
            /Microsoft\.Compute/,
            /az provider register --wait --namespace Microsoft\.Compute/,
        ],
        [
            "the version of Kubernetes in the region",
            { kubernetesVersions: ["1.35"] },
            /Kubernetes 1\.36; it offers 1\.35/,
            /get-versions/,
        ],
        ["the revision of the add-on", { addonRevisions: {} }, /not offer asm-1-30/, /get-revisions/],
        [
            "the add-on's Kubernetes",
            { addonRevisions: { "asm-1-30": ["1.35"] } },
            /not run on .*1\.36/,
            /get-revisions/,
        ],
        [
            "one vCPU more of the family",
            { freeVCpus: { standardddsv5family: 21, cores: 99 } },
            /21 vCPUs left of family standardddsv5family.*needs up to 22/,
            /list-usage/,
        ],
        [
            "one vCPU more of the region",
            { freeVCpus: { standardddsv5family: 99, cores: 21 } },
            /21 vCPUs left in all.*needs up to 22/,
            /list-usage/,
        ],
        [
            "a zone of a size",
            { sizes: { ...sizes, Standard_D2ds_v5: { ...sizes.Standard_D2ds_v5, zones: [] } } },
            /Standard_D2ds_v5 in no zones, but a pool needs it in 1, 2, 3/,
            /list-skus/,
        ],
    ];
    for (const [what, change, expected, fix] of cases) {
        it(`names ${what} where it is missing, and the command`, () => {
            const [one, ...others] = missing(change);
            assert.match(one.what, expected);
            assert.match(one.fix, fix);
            assert.deepEqual(others, []);
        });
    }

    it("claims nothing of what could not be asked", () => {
        assert.deepEqual(missingPrerequisites(needs, { loggedIn: true, hasKubelogin: true }), []);
    });

    it("counts the nodes of an upgrade in the family and in all, for any pools", () => {
        const names = Object.keys(sizes);
        const pool = fc.record({
            vmSize: fc.constantFrom(...names),
            maxNodes: fc.nat(50),
            surge: fc.nat(5),
            zones: fc.constant(zones),
        });
        fc.assert(
            fc.property(fc.array(pool, { minLength: 1 }), (pools) => {
                const sum = pools.reduce((all, one) => all + (one.maxNodes + one.surge) * sizes[one.vmSize].vCpus, 0);
                assert.deepEqual(neededVCpus(pools, sizes), { standardddsv5family: sum, cores: sum });
            }),
        );
    });
});
