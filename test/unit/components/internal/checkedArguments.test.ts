import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EgressGateway, EgressRoute } from "../../../../components";
import { packageSchema } from "../../../../components/internal/packageSchema";
import { plainInputs } from "../../../../components/internal/plainInputs";
import { componentOptions } from "../../../../plan/arguments/packageSchema";
import { failures, record, refusedPaths, run, unknownOutput } from "../../../support/mocks";
import { at, mutations, placesOf, replaced } from "../../../support/mutations";
import { componentNames } from "../../../../scripts/schema";
import { Accepted, acceptedArguments } from "../../../support/validArguments";

/*
 * The one check of arguments, as every component has it.
 */

describe("the arguments of every component", function () {
    this.timeout(300_000);

    let accepted: Record<string, Accepted>;

    before(async () => {
        accepted = await acceptedArguments();
    });

    async function plan({ Component }: Accepted, args: unknown): Promise<string> {
        const recorder = await record({ preview: true });
        await run(recorder, () => new Component("made", args as object));
        return JSON.stringify(recorder.resources.map(({ type, name, inputs }) => ({ type, name, inputs })));
    }

    for (const name of componentNames) {
        it(`${name}: every mutation is refused, or changes nothing`, async () => {
            const { Component, args } = accepted[name];
            const before = await plan(accepted[name], args);
            const changes = mutations(packageSchema(), componentOptions(packageSchema(), name), args);
            assert.ok(changes.length > 20, "there are mutations");
            for (const { what, args: changed } of changes) {
                await record({ preview: true });
                try {
                    new Component("made", changed as object);
                } catch (error) {
                    assert.ok(pulumi.InputPropertiesError.isInstance(error), `${what}: ${String(error)}`);
                    continue;
                }
                assert.equal(await plan(accepted[name], changed), before, `${what} is accepted`);
            }
        });

        it(`${name}: an output of a wrong type is refused when it is known`, async () => {
            const { Component, args } = accepted[name];
            const schema = packageSchema();
            const places = placesOf(schema, componentOptions(schema, name), args).filter(({ spec }) => !spec.plain);
            for (const { path } of places) {
                const value = at(args, path);
                const wrong = pulumi.secret(typeof value === "string" ? 31337 : "hunter2");
                const recorder = await record({ preview: true });
                const failed = await failures(
                    recorder,
                    () => new Component("made", replaced(args, path, wrong) as object),
                );
                const text = failed.map(String).join("\n");
                assert.match(text, / is refused:/, path.join("."));
                assert.doesNotMatch(text, /31337|hunter2/);
            }
        });

        it(`${name}: an output is refused where a plain value decides what there is`, async () => {
            const { Component, args } = accepted[name];
            const schema = packageSchema();
            for (const { path, spec } of placesOf(schema, componentOptions(schema, name), args)) {
                if (path.length === 1 && spec.plain) {
                    const changed = { ...args, [path[0]]: unknownOutput() };
                    assert.deepEqual(await refusedPaths(() => new Component("made", changed)), [path[0]]);
                }
            }
        });
    }
});

const good = {
    gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" },
    credential: "partner",
    hosts: ["api.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
};

async function refusal(args: object): Promise<string> {
    await record();
    try {
        new EgressRoute("partner", args as never);
    } catch (error) {
        return (error as Error).message;
    }
    throw new assert.AssertionError({ message: "nothing was refused" });
}

describe("a refused argument", () => {
    const cases: [what: string, change: object, line: RegExp][] = [
        [
            "a singular, with the plural",
            { allowFrom: [{ namespace: "payments", serviceAccount: "billing" }] },
            /allowFrom\[0\]\.serviceAccount: is not a known setting; expected one of namespace, serviceAccounts\. Did you mean serviceAccounts\? Rename it\./,
        ],
        [
            "a key that nothing is like",
            { insecureSkipVerify: true },
            /insecureSkipVerify: is not a known setting; .*Remove it\./,
        ],
        [
            "an unknown key without a value",
            { insecureSkipVerify: undefined },
            /insecureSkipVerify: is not a known setting/,
        ],
        [
            "an unknown mode, with the list",
            { mode: "tcp" },
            /mode: "tcp" is not an allowed value; expected one of "mutualTls", "simpleTls"/,
        ],
        [
            "a value in another case",
            { visibility: "Gateway" },
            /visibility: "Gateway" is not an allowed value; .*Did you mean gateway\? Write "gateway"\./,
        ],
        ["a value in the singular", { credentialSource: "file" }, /credentialSource: "file" .*Did you mean files\?/],
        [
            "a text for a list",
            { hosts: "api.partner.example" },
            /hosts: "api.partner.example" is text; expected a list of texts\. Put it in a list/,
        ],
        [
            "an object for a list",
            { allowFrom: { namespace: "payments" } },
            /allowFrom: is an object; expected a list of objects with namespace, serviceAccounts/,
        ],
        ["null for a list", { hosts: null }, /hosts: is null; expected a list of texts\. Set it, or remove it\./],
        ["null for an option", { credential: null }, /credential: is null; expected text/],
        ["a missing option", { hosts: undefined }, /hosts: is missing; expected a list of texts\. Set it\./],
        ["an item that is missing", { hosts: [undefined] }, /hosts\[0\]: is missing/],
        [
            "a number in quotation marks",
            { port: "8443" },
            /port: "8443" is text; expected a number\. Write 8443 without quotation marks\./,
        ],
        [
            "a gateway that is a text",
            { gateway: "egress-gateway" },
            /gateway: "egress-gateway" is text; expected an object with gatewayName, namespace/,
        ],
    ];
    for (const [what, change, line] of cases) {
        it(`names ${what}`, async () => {
            assert.match(await refusal({ ...good, ...change }), line);
        });
    }

    it("is told with all the others, each by its path", async () => {
        const wrong = { ...good, mode: "tcp", port: "1", hosts: null, allowFrom: [{ namespace: 1, account: "x" }] };
        assert.deepEqual((await refusedPaths(() => new EgressRoute("partner", wrong as never))).sort(), [
            "allowFrom[0].account",
            "allowFrom[0].namespace",
            "hosts",
            "mode",
            "port",
        ]);
    });

    it("never repeats a text that could be key material, neither as value nor as key", async () => {
        const key = `-----BEGIN PRIVATE${" "}KEY-----\n${"MIGH".repeat(30)}\n-----END PRIVATE${" "}KEY-----\n`;
        for (const change of [
            { port: key },
            { mode: key },
            { hosts: key },
            { [key]: 1 },
            { allowFrom: [{ [key]: 1 }] },
        ]) {
            assert.doesNotMatch(await refusal({ ...good, ...change }), /MIGH|BEGIN/);
        }
    });

    it("is no argument at all", async () => {
        await record();
        const untyped = EgressRoute as unknown as new (name: string) => EgressRoute;
        assert.throws(() => new untyped("partner"), /hosts: is missing/);
    });
});

describe("an accepted argument", () => {
    it("is a resource with more properties than the option asks for", async () => {
        const recorder = await record();
        await run(recorder, () => {
            const mesh = { namespace: "istio-system", trustDomain: "cluster.local", gatewayChart: "./gateway" };
            new EgressRoute("partner", { ...good, gateway: new EgressGateway("gateway", { mesh }) });
        });
        assert.equal(recorder.named("partner-virtual-service").inputs.kind, "VirtualService");
    });

    it("is a promise or an output, where the option takes one", async () => {
        const recorder = await record();
        await run(recorder, () => {
            const gateway = {
                gatewayName: pulumi.output("egress-gateway"),
                namespace: Promise.resolve("istio-egress"),
            };
            new EgressRoute("partner", { ...good, gateway, credential: pulumi.secret("partner") });
        });
        assert.equal(recorder.named("partner-api.partner.example").inputs.kind, "DestinationRule");
    });

    it("is not another component's resource", async () => {
        const wrong = () =>
            new EgressRoute("partner", { ...good, gateway: new pulumi.ComponentResource("a:b:C", "c") as never });
        const recorder = await record();
        await assert.rejects(run(recorder, wrong), /gateway\.gatewayName: is missing/);
    });
});

describe("inputs of another language", () => {
    const settled = (value: unknown) => pulumi.output(value);

    it("are plain where plain values are declared, even if the engine wraps them", async () => {
        await record();
        const inputs = await plainInputs("EgressRoute", {
            hosts: settled(["api.partner.example"]),
            allowFrom: [{ namespace: settled("payments") }],
            credential: settled("partner"),
        });
        assert.deepEqual(inputs.hosts, ["api.partner.example"]);
        assert.deepEqual(inputs.allowFrom, [{ namespace: "payments" }]);
        assert.ok(pulumi.Output.isInstance(inputs.credential));
    });

    it("stay outputs while they are unknown or secret, and are then refused by their path", async () => {
        await record();
        const inputs = await plainInputs("EgressRoute", {
            ...good,
            hosts: unknownOutput(),
            mode: pulumi.secret("direct"),
        });
        assert.deepEqual(await refusedPaths(() => new EgressRoute("partner", inputs as never)), ["mode", "hosts"]);
    });
});
