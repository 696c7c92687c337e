import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { StackConfig, readConfig } from "../../stacks/config";

/** The group that administers the clusters of the tests: who installs an environment sets it. */
export const ADMIN_GROUP = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

/** A CA whose key is gone, and which verifies nothing: prod names its partners' own. */
const PARTNER_CA = `-----BEGIN CERTIFICATE-----
MIIBTzCB9qADAgECAgEBMAoGCCqGSM49BAMCMCYxJDAiBgNVBAMTG0EgcGFydG5l
cidzIENBIG9mIHRoZSB0ZXN0czAgFw0yNDAxMDEwMDAwMDBaGA8yMTI0MDEwMTAw
MDAwMFowJjEkMCIGA1UEAxMbQSBwYXJ0bmVyJ3MgQ0Egb2YgdGhlIHRlc3RzMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESTFq6CwZr3LfFRb8B23VD4KSfXnID673
A/qcJzgaDz8M4grKmM7rKdDlXfI3vAef5gi/krj9FAjxcgHbtyH8m6MTMBEwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBuzLPdb7DetiRLgMDRHWa+
L1HcJlgFRmT2aZYC/nXUwwIhAOb70bom5GDmq0mhIokRwp/1ncfc363zA+kiZ76A
2yMz
-----END CERTIFICATE-----
`;

const REGISTRY_ID = "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/contosoimages";
const images = {
    mesh: { hub: "contosoimages.azurecr.io/istio" },
    lockdown: {
        imageRegistries: ["contosoimages.azurecr.io"],
        checkImage: "contosoimages.azurecr.io/curl:8.17.0",
    },
    probe: { image: "contosoimages.azurecr.io/curl:8.17.0" },
};

/** What each stack lacks on purpose, as somebody who installs it would set it. */
const OWN: Record<string, Values> = {
    dev: { azure: { adminGroup: ADMIN_GROUP } },
    staging: {
        ...images,
        azure: {
            adminGroup: ADMIN_GROUP,
            cluster: { authorizedIpRanges: ["198.18.0.0/24"], registryIds: [REGISTRY_ID] },
        },
    },
    prod: {
        ...images,
        azure: {
            adminGroup: ADMIN_GROUP,
            network: { connectedElsewhere: true },
            cluster: { registryIds: [REGISTRY_ID] },
        },
        routes: [
            {
                name: "partner",
                hosts: ["api.partner.test"],
                allowFrom: [{ namespace: "payments", serviceAccounts: ["default"] }],
                serverCa: PARTNER_CA,
            },
        ],
    },
};

/** A partner's machine with a zone, as a stack may have one. */
export const MACHINE = { zoneName: "partner.test", hosts: ["mtls.partner.test"] };

/** The configuration of a stack that the repository has, as the engine would give it to the program. */
export function stackConfig(stack: string, own: Values = OWN[stack] ?? {}): StackConfig {
    const file = join(__dirname, "../../stacks", `Pulumi.${stack}.yaml`);
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    return readConfig({
        name: "mesh-egress",
        get: (key) => {
            const value = merged(config[`mesh-egress:${key}`], own[key]);
            return value === undefined ? undefined : JSON.stringify(value);
        },
    });
}

type Values = Record<string, unknown>;

/** Objects are merged, and everything else is the second where there is one. */
function merged(under: unknown, over: unknown): unknown {
    if (!isObject(under) || !isObject(over)) {
        return over ?? under;
    }
    return {
        ...under,
        ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, merged(under[key], value)])),
    };
}

function isObject(value: unknown): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The stacks whose cluster is on Azure. */
export const AKS_STACKS = ["dev", "staging", "prod"];
