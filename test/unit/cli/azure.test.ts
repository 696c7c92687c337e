import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { AzAnswers, READY, standInAz, withPath } from "../../support/standInAz";
import { runCommand } from "../../support/command";

const GROUP = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const azure = {
    location: "westeurope",
    adminGroup: GROUP,
    network: { connectedElsewhere: true },
    cluster: {
        kubernetesVersion: "1.36",
        systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2, maxNodes: 3 },
        egressPool: { vmSize: "Standard_D2ds_v5", minNodes: 2 },
    },
};

describe("mesh-egress azure check", () => {
    let folder: string;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-azure-check-"));
    });

    after(() => rm(folder, { recursive: true }));

    async function settings(config: Record<string, unknown>): Promise<string> {
        const file = join(folder, "Pulumi.dev.yaml");
        await writeFile(file, stringify({ config }));
        return file;
    }

    async function check(
        answers: AzAnswers,
        config: Record<string, unknown> = { "mesh-egress:azure": azure },
        { kubelogin = true, args = [] as string[] } = {},
    ) {
        const az = await standInAz({ ...READY, ...answers }, { kubelogin });
        try {
            const file = await settings(config);
            const result = await withPath([az.folder], () => runCommand(["azure", "check", file, ...args]));
            return { ...result, asked: await readFile(join(az.folder, "asked"), "utf8") };
        } finally {
            await az.close();
        }
    }

    it("ends with 0 where everything is there, and asks without changing anything", async () => {
        const { code, out, asked } = await check({});
        assert.equal(out.replaceAll(folder, ""), "Azure has everything that /Pulumi.dev.yaml needs in westeurope.");
        assert.equal(code, 0);
        assert.deepEqual(
            asked
                .split("\n")
                .map((line) => line.split(" -")[0])
                .filter((line) => !/^(.* (show|list|check|get-versions|list-usage|list-skus))?$/.test(line)),
            [],
        );
    });

    it("writes the same for programs", async () => {
        const { code, out } = await check({ "ad group member check": { value: false } }, undefined, {
            args: ["-o", "json"],
        });
        assert.equal(code, 1);
        const { ready, missing } = JSON.parse(out) as { ready: boolean; missing: { what: string; fix: string }[] };
        assert.equal(ready, false);
        assert.match(missing[0].what, new RegExp(`group ${GROUP}`));
    });

    const cases: [what: string, answers: AzAnswers, expected: RegExp[]][] = [
        ["a login", { "account show": "Please run 'az login' to setup account." }, [/logged in/, /az login/]],
        [
            "a subscription that takes resources",
            { "account show": { ...(READY["account show"] as object), state: "Disabled" } },
            [/Pay-As-You-Go is Disabled/, /az account set/],
        ],
        ["both roles", { "role assignment list": [] }, [/Contributor/, /Role Based Access Control Administrator/]],
        [
            "a resource provider",
            { "provider list": [{ namespace: "Microsoft.Network", registrationState: "NotRegistered" }] },
            [
                /az provider register --wait --namespace Microsoft\.Network/,
                /Microsoft\.OperationalInsights/,
                /Microsoft\.PolicyInsights/,
            ],
        ],
        ["a version of Kubernetes", { "aks get-versions": { values: [{ version: "1.35" }] } }, [/not offer .*1\.36/]],
        [
            "the quota of a family",
            { "vm list-usage": [{ name: { value: "StandardDdsV5family" }, limit: "21", currentValue: "2" }] },
            [/19 vCPUs left of family standardddsv5family, but the environment needs up to 22/, /0 vCPUs left in all/],
        ],
        [
            "a size that the subscription may have",
            {
                "vm list-skus": (READY["vm list-skus"] as object[]).map((sku) => ({
                    ...sku,
                    restrictions: [{ type: "Location", reasonCode: "NotAvailableForSubscription" }],
                })),
            },
            [/cannot use Standard_D4ds_v5 in westeurope \(NotAvailableForSubscription\)/],
        ],
        [
            "the zones of a pool",
            {
                "vm list-skus": (READY["vm list-skus"] as object[]).map((sku) => ({
                    ...sku,
                    restrictions: [
                        { type: "Zone", reasonCode: "NotAvailableForSubscription", restrictionInfo: { zones: ["3"] } },
                    ],
                })),
            },
            [/Standard_D2ds_v5 in zones 1, 2, but a pool needs it in 3/],
        ],
        ["a size", { "vm list-skus": [] }, [/has no virtual machines of size Standard_D4ds_v5/]],
        [
            "an answer",
            { "ad signed-in-user show": "Insufficient privileges to complete the operation." },
            [/Could not be read:\nwho is logged in: Insufficient privileges/],
        ],
    ];
    for (const [what, answers, expected] of cases) {
        it(`ends with 1 without ${what}`, async () => {
            const { code, out } = await check(answers);
            assert.equal(code, 1);
            expected.forEach((pattern) => assert.match(out, pattern));
        });
    }

    it("names kubelogin where it is missing", async () => {
        const { code, out } = await check({}, undefined, { kubelogin: false });
        assert.equal(code, 1);
        assert.match(out, /kubelogin is not on PATH.\n {4}az aks install-cli/);
    });

    it("asks for the add-on's revision, and whether it runs on that Kubernetes", async () => {
        const config = (revision: string, kubernetesVersion: string) => ({
            "mesh-egress:azure": {
                ...azure,
                network: { connectedElsewhere: true, outboundControl: "open" },
                cluster: { ...azure.cluster, kubernetesVersion },
            },
            "mesh-egress:mesh": { flavour: "aksAddon", revision },
        });
        const versions = { "aks get-versions": { values: [{ version: "1.36" }, { version: "1.37" }] } };
        assert.equal((await check(versions, config("asm-1-30", "1.36"))).code, 0);
        assert.match((await check(versions, config("asm-1-31", "1.36"))).out, /does not offer asm-1-31/);
        assert.match(
            (await check(versions, config("asm-1-30", "1.37"))).out,
            /asm-1-30 .* does not run on Kubernetes 1\.37/,
        );
    });

    it("asks for the roles where the settings need them", async () => {
        const scopes = async (network: object) => {
            const { asked } = await check({}, { "mesh-egress:azure": { ...azure, network } });
            return /role assignment list .*--scope (\S+)/.exec(asked)?.[1].replace(/[0-9a-f-]{36}/, "ID");
        };
        assert.equal(await scopes(azure.network), "/subscriptions/ID");
        const inGroup = { ...azure.network, resourceGroupName: "rg-aks" };
        assert.equal(await scopes(inGroup), "/subscriptions/ID/resourceGroups/rg-aks");
        const locked = { ...azure.network, deleteLock: true };
        assert.match(
            (await check({}, { "mesh-egress:azure": { ...azure, network: locked } })).out,
            /Locks Contributor/,
        );
    });

    it("counts the partner's machine, by its own size alone", async () => {
        const partner = { zoneName: "partner.contoso.com", hosts: ["mtls.partner.contoso.com"] };
        const answers = { "vm list-usage": [{ name: { value: "standardBSFamily" }, limit: 1, currentValue: 0 }] };
        const { out } = await check(answers, { "mesh-egress:azure": { ...azure, partner } });
        assert.match(out, /1 vCPUs left of family standardbsfamily, but the environment needs up to 2/);
        assert.doesNotMatch(out, /bsv2/);
    });

    it("finds a service principal by its own object id", async () => {
        const user = { name: "5f2504e0-4f89-41d3-9a0c-0305e82c3301", type: "servicePrincipal" };
        const { code, asked } = await check({ "account show": { ...(READY["account show"] as object), user } });
        assert.equal(code, 0);
        assert.match(asked, /ad sp show --id 5f2504e0-/);
        assert.match(asked, /ad group member check .*--member-id 00000000-0000-4000-8000-000000000004/);
    });

    it("tells what is wrong with the settings, names of examples too", async () => {
        const { code, out } = await check(
            {},
            {
                "mesh-egress:azure": { ...azure, cluster: { ...azure.cluster, kubernetesVersion: "1.20" } },
                "mesh-egress:mesh": { hub: "registry.example/istio" },
            },
        );
        assert.equal(code, 1);
        assert.match(out, /mesh-egress:azure\.cluster\.kubernetesVersion: "1\.20" is no longer supported/);
        assert.match(out, /mesh-egress:mesh\.hub: .* registry\.example, which is reserved for examples/);
    });

    it("ends with 2 where the settings cannot be used", async () => {
        const { adminGroup: _, ...incomplete } = azure;
        const { code, err } = await withPath([], async () =>
            runCommand(["azure", "check", await settings({ "mesh-egress:azure": incomplete })]),
        );
        assert.equal(code, 2);
        assert.match(err, /mesh-egress:azure\.adminGroup: is missing/);
        const none = await runCommand(["azure", "check", await settings({ "mesh-egress:routes": [] })]);
        assert.match(none.err, /has no setting azure/);
        assert.match(
            (await runCommand(["azure", "check", join(folder, "none.yaml")])).err,
            /cannot be read \(ENOENT\)/,
        );
        assert.match((await runCommand(["azure", "chekc", "x"])).err, /check/);
    });

    it("ends with 2 where az is not on PATH", async () => {
        const { code, err } = await withPath([], async () =>
            runCommand(["azure", "check", await settings({ "mesh-egress:azure": azure })]),
        );
        assert.equal(code, 2);
        assert.match(err, /az is not on PATH/);
    });
});
