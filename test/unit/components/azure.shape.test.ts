import assert from "node:assert/strict";
import {
    AksCluster,
    AksClusterArgs,
    ApiServerAccess,
    DnsZone,
    EgressNetwork,
    EgressNetworkArgs,
    MtlsServerVm,
    OutboundControl,
    AksPolicyEngine,
} from "../../../components";
import { aksClusterArgs } from "../../support/aks";
import { hasPeer, shapeProblems } from "../../support/armShape";
import { Recorded, record, run } from "../../support/mocks";

const cluster: AksClusterArgs = { ...aksClusterArgs, clusterAdmins: ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"] };
const network: EgressNetworkArgs = { location: "westeurope", tags: { team: "payments" } };

async function bodies(program: () => unknown): Promise<Recorded[]> {
    const recorder = await record();
    await run(recorder, program);
    return recorder.resources.filter(({ type }) => hasPeer(type));
}

type Fields = Record<string, unknown>;

describe("what is sent to Azure, as Microsoft's own clients see it", function () {
    this.timeout(60_000);

    const programs: [what: string, program: () => unknown][] = [
        ["a network with a firewall", () => new EgressNetwork("x", { ...network, allowedFqdns: ["a.example"] })],
        [
            "one with a security group",
            () => new EgressNetwork("x", { ...network, outboundControl: OutboundControl.Nsg }),
        ],
        ["one without", () => new EgressNetwork("x", { ...network, outboundControl: OutboundControl.Open, zones: [] })],
        ["a private cluster", () => new AksCluster("x", cluster)],
        ["one with routes", () => new AksCluster("x", { ...cluster, routeTableIds: ["/routes"] })],
        [
            "one with authorised ranges and Calico",
            () =>
                new AksCluster("x", {
                    ...cluster,
                    access: ApiServerAccess.AuthorizedRanges,
                    authorizedIpRanges: ["203.0.113.0/24"],
                    networkPolicy: AksPolicyEngine.Calico,
                }),
        ],
        [
            "one with the Istio add-on",
            () => new AksCluster("x", { ...cluster, addon: { revision: "asm-1-30", egressPrefixId: "/prefix" } }),
        ],
        [
            "a server's machine",
            () =>
                new MtlsServerVm("x", {
                    resourceGroupName: "group",
                    location: "westeurope",
                    hosts: ["mtls.partner.example"],
                    allowedRange: "198.51.100.0/31",
                    certificate: "certificate",
                    privateKey: "key",
                    clientCa: "ca",
                }),
        ],
        [
            "a zone",
            () =>
                new DnsZone("x", {
                    resourceGroupName: "group",
                    zoneName: "partner.example",
                    records: [{ host: "a.partner.example", addresses: ["203.0.113.7"] }],
                }),
        ],
    ];
    for (const [what, program] of programs) {
        it(`has no unknown field, value or gap: ${what}`, async () => {
            const sent = await bodies(program);
            assert.ok(sent.length >= 2);
            for (const { name, type, inputs } of sent) {
                assert.deepEqual(shapeProblems(type, inputs), [], name);
            }
        });
    }

    it("is found out when it has a mistake", async () => {
        const sent = await bodies(() => new AksCluster("x", cluster));
        const { inputs } = sent.find(({ type }) => type.endsWith(":ManagedCluster"))!;
        const problems = (change: object) =>
            shapeProblems("azure-native:containerservice:ManagedCluster", { ...inputs, ...change }).join("\n");
        const profile = inputs.networkProfile as object;
        assert.match(
            problems({ networkProfile: { ...profile, networkPolicy: "cillium" } }),
            /"cillium".*none of.*cilium/,
        );
        assert.match(
            problems({ networkProfile: { ...profile, outbound: "x" } }),
            /networkProfile.outbound is no field/,
        );
        assert.match(problems({ location: undefined }), /location cannot be null or undefined/);
        assert.match(problems({ agentPoolProfiles: [{ count: 1 }] }), /name cannot be null or undefined/);
        assert.match(problems({ disableLocalAccounts: "yes" }), /must be of type boolean/);
        assert.match(problems({ fqdn: "x" }), /fqdn is read-only/);
    });

    it("is found out in what has several forms", async () => {
        const sent = await bodies(() => new EgressNetwork("x", network));
        const { type, inputs } = sent.find(({ name }) => name === "x-firewall-rules")!;
        const text = JSON.stringify(inputs);
        assert.match(
            shapeProblems(type, JSON.parse(text.replace("fqdnTags", "fqdnTag")) as Fields).join(),
            /fqdnTag is no/,
        );
        assert.match(shapeProblems(type, JSON.parse(text.replace('"Https"', '"HTTPS"')) as Fields).join(), /"HTTPS"/);
    });
});
