import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { previewReport } from "../../report";
import { issue, keyPem, newKey } from "../support/certificates";
import { machine } from "../support/machine";
import { Template, Language, NewUser, PlannedStep, Project } from "../support/newUser";

const ROOT = join(__dirname, "../..");
const LANGUAGES: Language[] = ["typescript", "yaml", "python"];
const ISTIO = "kubernetes:networking.istio.io/v1";

/** What each template makes, by type and name, apart from what all of them make for their route. */
const MADE: Record<Template, string[]> = {
    routesOnly: [],
    anyCluster: [
        "kubernetes:helm.sh/v3:Release mesh-istiod",
        "kubernetes:helm.sh/v3:Release egress-release",
        `${ISTIO}:Gateway egress-gateway`,
        "kubernetes:security.istio.io/v1:AuthorizationPolicy egress-deny-by-default",
        "tls:index/locallySignedCert:LocallySignedCert chain-client-partner",
    ],
    aks: [
        "azure-native:containerservice:ManagedCluster egress-aks-cluster",
        "azure-native:network:NatGateway egress-network-nat-gateway",
        "azure-native:compute:VirtualMachine egress-partner-machine",
        "kubernetes:helm.sh/v3:Release egress-gateway-release",
        "tls:index/locallySignedCert:LocallySignedCert egress-chain-client-partner",
    ],
    aksAddon: [
        "kubernetes:core/v1:ConfigMap egress-mesh-config",
        "kubernetes:egressgateway.kubernetes.azure.com/v1alpha1:StaticGatewayConfiguration egress-gateway-exit",
        `${ISTIO}:Gateway egress-gateway-gateway`,
        "tls:index/locallySignedCert:LocallySignedCert egress-chain-client-partner",
    ],
};

describe("the package, as a new user has it", function () {
    let user: NewUser;
    let config: Record<string, string>;
    const projects = new Map<string, Project>();

    /** The project of this template, made once, with the configuration that all have but for these values. */
    async function projectOf(
        template: Template,
        language: Language,
        differing: Record<string, string> = {},
    ): Promise<Project> {
        const key = `${template} ${language}`;
        const project = projects.get(key) ?? (await user.project(template, language));
        projects.set(key, project);
        await project.configure({ ...config, ...differing });
        return project;
    }

    before(async function () {
        const setup = await machine.engine(this);
        const { folder } = await machine.languages(this);
        machine.program(this, "python3");
        user = new NewUser(setup, folder);
        await user.install();

        const now = Date.now();
        const valid = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 300 * 86_400_000) };
        const ca = await issue({ ...valid, subject: "CN=Example CA", ca: true });
        const client = await issue({ ...valid, subject: "CN=payments", issuer: ca, usage: "client" });
        config = {
            clientCertificate: client.certificate,
            clientKey: keyPem(client.key),
            clientCa: ca.certificate,
            serverCa: ca.certificate,
            host: "api.partner.example",
            callerNamespace: "payments",
            callerServiceAccount: "billing",
            revision: "asm-1-30",
            location: "westeurope",
            // An address of Azure, because those of examples are refused.
            updatesFrom: "20.50.2.10/32",
            adminGroup: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            egressPrefixId:
                "/subscriptions/0/resourceGroups/example/providers/Microsoft.Network/publicIPPrefixes/egress",
        };
    });

    after(() => user?.leave());

    it("brings no second copy of a package that a program has, too", () => {
        assert.ok(existsSync(join(user.installed, "bin")));
        assert.ok(!existsSync(join(user.installed, "node_modules")));
    });

    it("has the schema that is committed", async () => {
        const [ofPackage, committed] = await Promise.all([
            user.pulumi(["package", "get-schema", user.unpacked]),
            user.pulumi(["package", "get-schema", join(ROOT, "schema.json")]),
        ]);
        assert.deepEqual(JSON.parse(ofPackage), JSON.parse(committed));
    });

    for (const template of Object.keys(MADE) as Template[]) {
        it(`makes the same of template ${template} in each language`, async () => {
            const plans = new Map<Language, PlannedStep[]>();
            for (const language of LANGUAGES) {
                const project = await projectOf(template, language);
                plans.set(language, await project.preview());
            }
            const reference = plans.get("typescript") as PlannedStep[];
            const made = reference.map(({ urn }) => urn.split("::").slice(2).join("::").replace("::", " "));
            const route = template.startsWith("aks") ? "egress-partner" : "partner";
            // On Azure an environment takes no name that is reserved for examples.
            const host = template === "aks" ? "api.partner.internal" : "api.partner.example";
            for (const one of [
                ...MADE[template],
                "kubernetes:core/v1:Secret",
                `${ISTIO}:ServiceEntry ${route}-service-entry`,
                `${ISTIO}:VirtualService ${route}-virtual-service`,
                `${ISTIO}:DestinationRule ${route}-${host}`,
            ]) {
                assert.ok(
                    made.some((urn) => urn.includes(one)),
                    `${one} is not among\n${made.join("\n")}`,
                );
            }
            for (const language of LANGUAGES) {
                assert.deepEqual(outcome(plans.get(language)), outcome(reference), language);
            }
        });
    }

    it("refuses a second route for a host, although each component is made by a call of its own", async () => {
        const project = await user.project("routesOnly", "yaml", "second-route");
        await project.configure(config);
        const yaml = readFileSync(join(ROOT, "templates/routesOnly/yaml/Pulumi.yaml"), "utf8");
        const route = yaml.slice(yaml.indexOf("  route:"), yaml.indexOf("outputs:"));
        const second = route.replace("  route:", "  second:").replace("name: partner", "name: second");
        project.replace("Pulumi.yaml", "outputs:", `${second}outputs:`);
        const { stdout, stderr, exitCode } = await project.attempt(["preview"]);
        assert.notEqual(exitCode, 0);
        assert.match(stdout + stderr, /EgressRoute "(partner|second)" is refused:[^]*"api\.partner\.example"/);
    });

    it("has a report made of what the pulumi command wrote", async () => {
        for (const language of LANGUAGES) {
            const project = await projectOf("routesOnly", language);
            const preview = await project.pulumi(["preview", "--json", "--show-sames"]);
            const { markdown, html } = previewReport(preview, { stack: "dev", now: new Date() });
            assert.match(markdown, /`\+ api\.partner\.example`: .*callers `payments\/billing`/, language);
            assert.ok(!(markdown + html).includes("PRIVATE KEY"), `a key is in the report of ${language}`);
        }
    });

    for (const language of LANGUAGES) {
        it(`refuses a wrong key in ${language}, once and without it`, async () => {
            const project = await projectOf("routesOnly", language, { clientKey: keyPem(newKey()) });
            const { stdout, stderr, exitCode } = await project.attempt(["preview"]);
            const told = stdout + stderr;
            assert.notEqual(exitCode, 0);
            assert.equal(
                told.split("does not belong to the certificate").length,
                2,
                `it is told more than once:\n${told}`,
            );
            assert.ok(!told.includes("PRIVATE KEY"), "a key is in the output");
        });

        it(`refuses a wrong route in ${language}, and says what is wrong with it`, async () => {
            const project = await projectOf("routesOnly", language, { host: "*.example" });
            const { stdout, stderr, exitCode } = await project.attempt(["preview"]);
            const told = stdout + stderr;
            assert.notEqual(exitCode, 0);
            assert.match(told, /EgressRoute "partner" is refused:/);
            assert.match(told, /hosts\[0\]: "\*\.example" covers a whole public suffix/);
            assert.match(told, /expected a wildcard of a domain that one partner owns/);
            assert.equal(told.split("covers a whole public suffix").length, 2, `it is told more than once:\n${told}`);
            assert.ok(!told.includes("PRIVATE KEY"), "a key is in the output");
            assert.doesNotMatch(told, /\bat .*\.[jt]s:\d+:\d+/, "a stack trace hides it");
            if (language === "python") {
                // The engine tells a program of any refused component that it shuts down, and Pulumi's SDK for Python ends with that.
                const diagnostics = told.slice(told.indexOf("Diagnostics:"));
                assert.match(diagnostics, /is refused:[^]*Traceback[^]*\n *Exception: resource monitor shut down\n/);
            }
        });
    }
});

/** What a preview does to resources of providers, without what differs by the program that asked. */
function outcome(steps: PlannedStep[] = []) {
    return steps
        .filter(({ newState }) => !newState?.type.startsWith("pulumi:"))
        .map(({ op, urn, newState }) => ({
            op,
            urn: withoutStack(urn),
            kind: newState?.type,
            parent: withoutStack(newState?.parent ?? ""),
            inputs: newState?.type.startsWith("mesh-egress:") ? undefined : withoutMadeUpNames(newState?.inputs),
        }))
        .sort((one, other) => one.urn.localeCompare(other.urn));
}

/** Types and name of a URN. The stack itself is named after the language, so its name is left out. */
function withoutStack(urn: string): string {
    const [types = "", name = ""] = urn.split("::").slice(2);
    return types === "pulumi:pulumi:Stack" ? types : `${types}::${name}`;
}

/** The inputs without what the engine and the stand-in make up anew in each preview: UUIDs, and the ends of names. */
function withoutMadeUpNames(inputs: unknown): unknown {
    const text = JSON.stringify(inputs ?? null)
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
        .replace(/-[0-9a-f]{7,8}"/g, '-NAME"');
    return JSON.parse(text);
}
