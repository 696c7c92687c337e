import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DnsZone, MtlsServerVm, MtlsServerVmArgs } from "../../../../components";
import { keyPem, newKey } from "../../../support/certificates";
import { record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";

const key = keyPem(newKey());
const good: MtlsServerVmArgs = {
    resourceGroupName: "group",
    location: "westeurope",
    hosts: ["mtls.partner.example"],
    allowedRange: "198.51.100.0/31",
    certificate: "the certificate\n",
    privateKey: key,
    clientCa: "the ca\n",
};

async function make(args: Partial<MtlsServerVmArgs> = {}, preview = false) {
    const recorder = await record({ preview });
    const server = await run(recorder, () => new MtlsServerVm("vm", { ...good, ...args }));
    return { recorder, server, machine: recorder.named("vm-machine").inputs as unknown as Machine };
}

interface Machine {
    osProfile: { customData?: string; linuxConfiguration: { disablePasswordAuthentication: boolean } };
    identity: { userAssignedIdentities: string[] };
    storageProfile: { imageReference: Record<string, string> };
}

describe("MtlsServerVm", () => {
    for (const preview of [true, false]) {
        it(`lets in 443 from the egress prefix only (${preview ? "preview" : "update"})`, async () => {
            const { recorder } = await make({}, preview);
            const rules = recorder.named("vm-rules").inputs.securityRules as Record<string, unknown>[];
            assert.deepEqual(
                rules.map(({ access, sourceAddressPrefix, destinationPortRange }) => [
                    access,
                    sourceAddressPrefix,
                    destinationPortRange,
                ]),
                [
                    ["Allow", "198.51.100.0/31", "443"],
                    ["Deny", "*", "*"],
                ],
            );
            assert.deepEqual(recorder.named("vm-subnet").dependencies.includes(recorder.named("vm-rules").urn), true);
            assert.equal(recorder.named("vm-address").inputs.publicIPAllocationMethod, "Static");
        });
    }

    it("gives the key to the vault as a secret, and to nobody else", async () => {
        const { recorder } = await make();
        const vaultSecret = recorder.named("vm-server");
        assert.deepEqual(vaultSecret.secrets, ["properties"]);
        assert.equal((vaultSecret.inputs.properties as { value: string }).value, `the certificate\n${key}`);
        for (const { name, inputs, secrets } of recorder.resources) {
            const open = Object.entries(inputs).filter(([property]) => !secrets.includes(property));
            assert.doesNotMatch(JSON.stringify(open), /PRIVATE KEY/, name);
        }
        const { osProfile } = (await make()).machine;
        const customData = Buffer.from(osProfile.customData ?? "", "base64").toString();
        assert.match(customData, /^#cloud-config\n/);
        assert.doesNotMatch(customData, /PRIVATE KEY|the certificate|the ca/);
    });

    it("lets the machine's identity read the vault, and nothing else, before there is a machine", async () => {
        const { recorder, machine } = await make();
        assert.deepEqual(machine.identity.userAssignedIdentities, ["vm-identity-id"]);
        const roles = recorder.ofType("azure-native:authorization:RoleAssignment");
        assert.equal(roles.length, 1);
        assert.equal(roles[0].inputs.scope, "vm-vault-id");
        assert.match(roles[0].inputs.roleDefinitionId as string, /4633458b-17de-408a-b874-0445c86b69e6$/);
        assert.ok(recorder.named("vm-machine").dependencies.includes(roles[0].urn));
        const { properties } = recorder.named("vm-vault").inputs as { properties: Record<string, unknown> };
        assert.equal(properties.enableRbacAuthorization, true);
    });

    it("is an Ubuntu that nobody logs in to with a password", async () => {
        const { machine } = await make();
        assert.equal(machine.storageProfile.imageReference.publisher, "Canonical");
        assert.equal(machine.osProfile.linuxConfiguration.disablePasswordAuthentication, true);
    });

    it("stays the same machine when its certificates change", async () => {
        const { machine: before, recorder } = await make();
        const { machine: after } = await make({ certificate: "another\n", clientCa: "another ca\n" });
        // The login key is a new one for every test; it decides the vault's name.
        const files = (machine: Machine) =>
            Buffer.from(machine.osProfile.customData ?? "", "base64")
                .toString()
                .replaceAll(/mtls-[0-9a-f]{16}/g, "vault");
        assert.equal(files(after), files(before));
        assert.ok(!recorder.named("vm-machine").dependencies.includes(recorder.named("vm-client-ca").urn));
    });

    it("makes the machine before it knows whom it shall trust, so that a route can wait for it", async () => {
        const { recorder, server } = await make({ clientCa: unknownOutput() });
        assert.ok(recorder.named("vm-machine"));
        assert.match(await valueOf(server.address), /^203\.0\.113\.\d+$/);
    });

    it("does not know its address in a preview", async () => {
        const { server } = await make({}, true);
        assert.equal(await valueOf<string | undefined>(server.address), undefined);
        assert.equal(await pulumi.isSecret(server.address), false);
    });

    it("names its vault as Azure takes it", async () => {
        assert.match(await valueOf((await make()).server.vaultName), /^[a-z][a-z0-9-]{2,22}[a-z0-9]$/);
    });

    it("refuses bad arguments before anything is registered", async () => {
        const bad = { ...good, hosts: ["*.partner.example"], addressRange: "10.0.0.0/30" };
        for (const preview of [true, false]) {
            assert.deepEqual(await refusedPaths(() => new MtlsServerVm("vm", bad), { preview }), [
                "hosts[0]",
                "addressRange",
            ]);
        }
    });
});

describe("DnsZone", () => {
    it("has an A record for every host", async () => {
        const recorder = await record();
        const zone = await run(
            recorder,
            () =>
                new DnsZone("dns", {
                    resourceGroupName: "group",
                    zoneName: "partner.example",
                    records: [
                        { host: "mtls.partner.example", addresses: [pulumi.output("203.0.113.7")] },
                        { host: "partner.example", addresses: ["203.0.113.8"] },
                    ],
                }),
        );
        assert.deepEqual(
            recorder
                .ofType("azure-native:dns:RecordSet")
                .map(({ inputs }) => [inputs.relativeRecordSetName, inputs.recordType, inputs.aRecords, inputs.ttl])
                .sort(),
            [
                ["@", "A", [{ ipv4Address: "203.0.113.8" }], 300],
                ["mtls", "A", [{ ipv4Address: "203.0.113.7" }], 300],
            ],
        );
        assert.equal((await valueOf(zone.nameServers)).length, 2);
    });

    it("refuses a host of another zone before anything is registered", async () => {
        const args = {
            resourceGroupName: "group",
            zoneName: "partner.example",
            records: [{ host: "other.example", addresses: [] }],
        };
        assert.deepEqual(await refusedPaths(() => new DnsZone("dns", args)), ["records[0].host"]);
    });
});
