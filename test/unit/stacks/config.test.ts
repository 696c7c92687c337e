import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { isEnum, referredType } from "../../../plan/arguments/packageSchema";
import { packageSchema } from "../../../components/internal/packageSchema";
import { readConfig } from "../../../stacks/config";
import { stackSchema } from "../../../stacks/stackSchema";

type Settings = Record<string, unknown>;

const STACK_FILE = join(__dirname, "../../../stacks/Pulumi.local.yaml");

/** What Pulumi makes of a stack's file: objects as JSON, text as it is. */
function source(settings: Settings) {
    return {
        name: "mesh-egress",
        get: (key: string) => {
            const value = settings[key];
            return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
        },
    };
}

function local(): Settings {
    const { config } = parse(readFileSync(STACK_FILE, "utf8")) as { config: Settings };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("mesh-egress:", ""), value]));
}

const route = { name: "partner", hosts: ["a.example"], allowFrom: [{ namespace: "payments" }] };

/** The lines of the error for the good configuration with `change`, one a violation. */
function refused(change: Settings): string[] {
    let lines: string[] = [];
    assert.throws(
        () => readConfig(source({ ...local(), ...change })),
        (error: Error) => {
            assert.ok(error instanceof pulumi.RunError, "told without a stack trace");
            const [first, ...others] = error.message.split("\n");
            assert.equal(first, "The configuration of this stack is refused:");
            lines = others.map((line) => line.trim());
            return true;
        },
    );
    return lines;
}

describe("readConfig", () => {
    it("reads the stack that the repository has", () => {
        const read = readConfig(source(local()));
        const { mesh, routes, probe, cluster } = read;
        assert.equal(mesh, undefined, "Istio's own charts");
        assert.deepEqual(routes[0].allowFrom, [{ namespace: "payments", serviceAccounts: ["default"] }]);
        assert.equal(probe?.namespace, "payments");
        assert.deepEqual(cluster, {}, "the current context");
    });

    it("takes {} and nothing for a part that is not set", () => {
        for (const value of ["{}", "", undefined]) {
            const { server, probe, gateway } = readConfig(
                source({ ...local(), server: value, probe: value, gateway: value }),
            );
            assert.deepEqual([server, probe, gateway], [undefined, undefined, undefined]);
        }
    });

    const bad: [what: string, change: Settings, line: string][] = [
        [
            "a text in the place of a list",
            { routes: [{ ...route, hosts: "a.example" }] },
            'mesh-egress:routes[0].hosts: "a.example" is text; expected a list of texts. Put it in a list: [ ... ].',
        ],
        [
            "a number in the place of a text",
            { routes: [route, { ...route, hosts: ["a.example", 5] }] },
            "mesh-egress:routes[1].hosts[1]: 5 is a number; expected text. Put it in quotation marks.",
        ],
        [
            "a text in the place of a number",
            { gateway: { minReplicas: "2" } },
            'mesh-egress:gateway.minReplicas: "2" is text; expected a number. Write 2 without quotation marks.',
        ],
        [
            "a list in the place of an object",
            { mesh: { charts: [] } },
            "mesh-egress:mesh.charts: is a list; expected an object with repository, base, istiod, gateway. Correct it.",
        ],
        [
            "nothing in the place of an object",
            { certificates: { leaf: null } },
            "mesh-egress:certificates.leaf: is null; expected an object with validityHours, renewalHours. Set it, or remove it.",
        ],
        [
            "a missing part",
            { routes: undefined },
            "mesh-egress:routes: is missing; expected a list of objects with allowFrom, hosts, name and others. Set it.",
        ],
        [
            "a missing setting",
            { routes: [{ ...route, allowFrom: undefined }] },
            "mesh-egress:routes[0].allowFrom: is missing; expected a list of objects with namespace, serviceAccounts. Set it.",
        ],
        [
            "a value that is none of those there are",
            { certificates: { keyAlgorithm: "RSA" } },
            'mesh-egress:certificates.keyAlgorithm: "RSA" is not an allowed value; expected one of "ecdsaP256", "rsa2048", "rsa4096". ' +
                "Choose one of them.",
        ],
        [
            "plain text in the place of an object",
            { probe: "payments" },
            "mesh-egress:probe: is plain text; expected an object or a list. Write it as YAML under mesh-egress:probe " +
                "in the stack's file, or set parts of it with pulumi config set --path.",
        ],
        [
            "plain text in the place of what must be there, once",
            { routes: "partner" },
            "mesh-egress:routes: is plain text; expected an object or a list. Write it as YAML under mesh-egress:routes " +
                "in the stack's file, or set parts of it with pulumi config set --path.",
        ],
        [
            "a setting in another spelling, with the right one",
            { routes: [{ ...route, client_name: "x" }] },
            "mesh-egress:routes[0].client_name: is not a known setting; expected one of name, clientName, rotationTrigger, certificate, privateKey, " +
                "clientCa, minRemainingHours, crl, serverCa, address, mode, hosts, allowFrom, port, ports, maxConnectionSeconds, timeoutSeconds, retries, visibility, " +
                "gatewayTransport, credentialSource, workloadLabels, sharedDomain, disguisedHosts, serviceName, keyVault. Did you mean clientName? Rename it.",
        ],
        [
            "an unknown setting in a list in a list",
            { routes: [{ ...route, allowFrom: [{ namespace: "a", accounts: [] }] }] },
            "mesh-egress:routes[0].allowFrom[0].accounts: is not a known setting; expected one of namespace, serviceAccounts. " +
                "Remove it.",
        ],
        [
            "an unknown setting of a part with a default",
            { cluster: { kubeConfig: "x" } },
            "mesh-egress:cluster.kubeConfig: is not a known setting; expected one of kubeconfig, context, identifier. Did you mean kubeconfig? Rename it.",
        ],
    ];
    for (const [what, change, line] of bad) {
        it(`refuses ${what}, by its key`, () => {
            assert.deepEqual(refused(change), [line]);
        });
    }

    it("tells everything that is wrong at once", () => {
        const lines = refused({ mesh: undefined, probe: "x", gateway: { minReplicas: "2", replicas: 1 } });
        assert.deepEqual(lines.map((line) => line.split(": ")[0]).sort(), [
            "mesh-egress:gateway.minReplicas",
            "mesh-egress:gateway.replicas",
            "mesh-egress:probe",
        ]);
    });

    it("never repeats a long text, which could be a key in the wrong place", () => {
        const key = `-----BEGIN PRIVATE${" "}KEY-----\n${"MIGH".repeat(30)}\n-----END PRIVATE${" "}KEY-----\n`;
        for (const change of [
            { gateway: { minReplicas: key } },
            { routes: [{ ...route, hosts: key }] },
            { certificates: { keyAlgorithm: key } },
            { probe: key },
        ]) {
            const lines = refused(change).join("\n");
            assert.doesNotMatch(lines, /MIGH/);
            assert.doesNotMatch(lines, /BEGIN/);
        }
    });

    it("states the same defaults in the description that pulumi config shows", () => {
        const project = parse(readFileSync(join(__dirname, "../../../Pulumi.yaml"), "utf8")) as {
            config: Record<string, { description: string; default?: unknown }>;
        };
        const stated = (text = "") => /Default: ([^.]+)\./.exec(text.replaceAll("`", "").replaceAll("\n", " "))?.[1];
        // `cluster` is the stacks' own, and azure has no default.
        const { cluster, azure, ...shared } = project.config;
        assert.match(cluster.description, /Default: the current context of the default kubeconfig/);
        assert.equal(stated(azure.description), undefined);
        const { inputProperties } = packageSchema().resources["mesh-egress:index:AksEgressEnvironment"];
        for (const [key, { description, default: value }] of Object.entries(shared)) {
            const expected = stated(inputProperties?.[key].description);
            assert.equal(stated(description), expected, key);
            if (typeof value === "string") {
                assert.equal(value, expected, key);
            } else {
                assert.ok(value === undefined || Object.keys(value as object).length === 0, key);
            }
        }
    });

    it("has the same settings in the description that pulumi config shows", () => {
        const project = parse(readFileSync(join(__dirname, "../../../Pulumi.yaml"), "utf8")) as {
            config: Record<string, { description: string }>;
        };
        const { schema, options } = stackSchema();
        assert.deepEqual(Object.keys(project.config).sort(), Object.keys(options.properties).sort());
        for (const [key, spec] of Object.entries(options.properties)) {
            const { description } = project.config[key];
            const type = referredType(schema, spec.items ?? spec);
            if (type === undefined || isEnum(type)) {
                continue;
            }
            const settings = Object.keys(type.properties);
            const missing = settings.filter((name) => !new RegExp(`\\b${name}\\b`).test(description));
            assert.deepEqual(missing, [], `${key}: the description lacks settings`);
            // What stands in braces are settings, of this part or of an object in it.
            const inner = settings.flatMap((name) => {
                const nested = type.properties[name];
                const found = referredType(schema, nested.items ?? nested);
                return found && !isEnum(found) ? Object.keys(found.properties) : [];
            });
            const braces = [...description.matchAll(/\{(.*)\}/g)].map(([, text]) => text).join(" ");
            const named = braces.replaceAll(/`[^`]*`/g, "").match(/[A-Za-z]+/g) ?? [];
            const known = [...settings, ...inner, "or", "a", "lifetime", "is"];
            assert.deepEqual(
                named.filter((name) => !known.includes(name)),
                [],
                `${key}: the description has settings that do not exist`,
            );
        }
    });
});
