import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What the stand-in for `az` answers to a command; a text is what it says on standard error when it fails. */
export type AzAnswers = Record<string, unknown>;

/**
 * Answers of a subscription that has everything in westeurope, in the form of the Azure CLI's reference: the examples of
 * `az aks get-versions` and `az aks mesh get-revisions`, and the models that `az account show`, `az provider list`, `az role
 * assignment list`, `az vm list-usage` and `az vm list-skus` print.
 */
export const READY: AzAnswers = {
    "account show": {
        id: "00000000-0000-4000-8000-000000000001",
        name: "Pay-As-You-Go",
        state: "Enabled",
        tenantId: "00000000-0000-4000-8000-000000000002",
        user: { name: "jane@contoso.com", type: "user" },
    },
    "role assignment list": [
        { roleDefinitionName: "Contributor", scope: "/subscriptions/00000000-0000-4000-8000-000000000001" },
        { roleDefinitionName: "Role Based Access Control Administrator", scope: "/" },
    ],
    "ad signed-in-user show": { id: "00000000-0000-4000-8000-000000000003" },
    "ad sp show": { id: "00000000-0000-4000-8000-000000000004" },
    "ad group member check": { value: true },
    "provider list": [
        "Microsoft.Compute",
        "Microsoft.ContainerService",
        "Microsoft.Insights",
        "Microsoft.KeyVault",
        "Microsoft.ManagedIdentity",
        "Microsoft.Network",
        "Microsoft.OperationalInsights",
        "Microsoft.PolicyInsights",
    ].map((namespace) => ({ namespace, registrationState: "Registered", registrationPolicy: "RegistrationRequired" })),
    "aks get-versions": {
        values: ["1.36", "1.35"].map((version) => ({
            version,
            isPreview: null,
            capabilities: { supportPlan: ["KubernetesOfficial"] },
            patchVersions: { [`${version}.1`]: { upgrades: [] } },
        })),
    },
    "aks mesh get-revisions": {
        meshRevisions: [
            {
                revision: "asm-1-30",
                compatibleWith: [{ name: "kubernetes", versions: ["1.35", "1.36"] }],
                upgrades: [],
            },
        ],
    },
    "vm list-usage": [
        usage("cores", "350", "0"),
        usage("standardDDSv5Family", 100, 0),
        usage("standardBSFamily", "10", "0"),
    ],
    "vm list-skus": [
        sku("Standard_D2ds_v5", "standardDDSv5Family", 2),
        sku("Standard_D4ds_v5", "standardDDSv5Family", 4),
        sku("Standard_D8ds_v5", "standardDDSv5Family", 8),
        sku("Standard_B2s", "standardBSFamily", 2),
        sku("Standard_B2s_v2", "standardBsv2Family", 2),
    ],
};

/** The script: it knows commands by their words, and fails without `--output json` as no caller may rely on a user's default. */
const SCRIPT = `
const { appendFileSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
appendFileSync(join(__dirname, "asked"), args.join(" ") + "\\n");
const answers = JSON.parse(readFileSync(join(__dirname, "answers.json"), "utf8"));
const words = args.slice(0, args.findIndex((arg) => arg.startsWith("-"))).join(" ");
const answer = answers[words];
const fail = (text) => { process.stderr.write("ERROR: " + text + "\\n"); process.exit(1); };
if (args.slice(-2).join(" ") !== "--output json") fail("the stand-in prints JSON only");
if (answer === undefined) fail("'" + words + "' is not a command of the stand-in");
if (typeof answer === "string") fail(answer);
const value = (option) => args[args.indexOf(option) + 1];
process.stdout.write(JSON.stringify(
    // As the real one, --size takes the beginning of a name.
    words === "vm list-skus" ? answer.filter(({ name }) => name.startsWith(value("--size"))) : answer,
));
`;

export interface StandInAz {
    /** The folder for PATH. */
    folder: string;
    close: () => Promise<void>;
}

/** A folder with a stand-in for `az`, and with kubelogin if asked for. */
export async function standInAz(answers: AzAnswers, { kubelogin = true } = {}): Promise<StandInAz> {
    const folder = await mkdtemp(join(tmpdir(), "mesh-egress-az-"));
    const program = async (name: string, text: string) => {
        await writeFile(join(folder, name), `#!${process.execPath}\n${text}`);
        await chmod(join(folder, name), 0o755);
    };
    await writeFile(join(folder, "answers.json"), JSON.stringify(answers));
    await program("az", SCRIPT);
    if (kubelogin) {
        await program("kubelogin", 'process.stdout.write("kubelogin version\\n");');
    }
    return { folder, close: () => rm(folder, { recursive: true }) };
}

/** Runs `work` with a PATH of these folders and of Node.js alone. */
export async function withPath<T>(folders: string[], work: () => Promise<T>): Promise<T> {
    const before = process.env["PATH"];
    process.env["PATH"] = [...folders, dirname(process.execPath)].join(":");
    try {
        return await work();
    } finally {
        process.env["PATH"] = before;
    }
}

function usage(value: string, limit: string | number, currentValue: string | number) {
    return { name: { value, localizedValue: value }, limit, currentValue, unit: "Count" };
}

function sku(name: string, family: string, vCpus: number) {
    return {
        name,
        family,
        resourceType: "virtualMachines",
        capabilities: [
            { name: "MemoryGB", value: String(vCpus * 4) },
            { name: "vCPUs", value: String(vCpus) },
        ],
        locationInfo: [{ location: "westeurope", zones: ["3", "1", "2"] }],
        restrictions: [] as object[],
    };
}
