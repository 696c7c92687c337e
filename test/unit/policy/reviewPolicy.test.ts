import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { RULES } from "../../../review/rules";
import { POLICIES } from "../../../policy/policies";
import { HTTP_TO_TLS, destinationRule, gateway, secret, server, serviceEntry } from "../../support/objects";
import { NOT_KNOWN, RunningPack, resourceOf, urnOf } from "../../support/policy";
import { route } from "../../support/previewSteps";
import { rulePage } from "../../support/rulePages";

const HOST = "api.partner.example";
const own = { exportTo: ["."] };
const NAMED = { sni: HOST, subjectAltNames: [HOST] };
const MUTUAL = { mode: "MUTUAL", credentialName: "partner", ...NAMED };
const WHOLE = ["tls.crt", "tls.key", "ca.crt"];

const entry = () => serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], own);
const rule = (tls: Record<string, unknown>) => destinationRule("gateways/partner", HOST, tls, own);
const egress = () => gateway("gateways/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]);
const unchecked = rule({ mode: "SIMPLE", sni: HOST });
const using = (keys: string[]) => [entry(), egress(), rule(MUTUAL), secret("gateways/partner", keys)];

describe("policies of the review", () => {
    let pack: RunningPack;

    before(async () => {
        pack = await RunningPack.start();
    });

    afterEach(() => pack.configure({}));
    after(() => pack.stop());

    it("are served with the pack's others, each at its level", async () => {
        const served = (await pack.policies()).map(({ name, level }) => [name, level]);
        assert.deepEqual(
            served,
            POLICIES.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
        );
    });

    for (const { id, severity } of RULES) {
        it(`${id}: finds the first example of its page, takes the second`, async () => {
            const { found: breaks, correct } = rulePage(id);
            const found = await pack.violations(breaks.map(resourceOf), id);
            assert.ok(found.length > 0, "nothing found");
            for (const { level, urn } of found) {
                assert.equal(level, severity);
                assert.ok(
                    breaks.some((object) => urnOf(resourceOf(object)) === urn),
                    urn,
                );
            }
            assert.deepEqual(await pack.violations(correct.map(resourceOf), id), []);
        });
    }

    it("take the mesh's settings from the configuration", async () => {
        const objects = rulePage("external-name-blocked").found.filter(({ kind }) => kind !== "ConfigMap");
        const id = "external-name-blocked";
        assert.deepEqual(await pack.violations(objects.map(resourceOf), id), []);
        await pack.configure({ [id]: { level: "mandatory", outboundTrafficPolicy: "REGISTRY_ONLY" } });
        assert.equal((await pack.violations(objects.map(resourceOf), id)).length, 1);
    });

    it("tell the object, the path, what is wrong and what to do, at the resource to change", async () => {
        const [{ message, urn }] = await pack.violations([unchecked].map(resourceOf), "server-name-unchecked");
        assert.match(
            message,
            /DestinationRule gateways\/partner: spec\.trafficPolicy\.tls\.sni: "api\.partner\.example" is set/,
        );
        assert.match(
            message,
            /Add subjectAltNames: \["api\.partner\.example"\]\. See https:\S+server-name-unchecked\.md$/,
        );
        assert.match(urn, /DestinationRule::gateways-partner$/);
    });

    it("keep silent about what a preview does not know", async () => {
        const id = "server-name-unchecked";
        const names = [rule({ mode: "SIMPLE", sni: HOST, subjectAltNames: NOT_KNOWN })];
        assert.deepEqual(await pack.violations(names.map(resourceOf), id), []);
        const list = [rule({ mode: "SIMPLE", sni: HOST, subjectAltNames: [NOT_KNOWN] })];
        assert.deepEqual(await pack.violations(list.map(resourceOf), id), []);
        const data = using(WHOLE).map((object) => (object.data ? { ...object, data: NOT_KNOWN } : object));
        assert.deepEqual(await pack.violations(data.map(resourceOf), "credential-without-ca"), []);
        const placed = { ...secret("app/partner", WHOLE), metadata: { name: "partner", namespace: NOT_KNOWN } };
        const elsewhere = [entry(), egress(), rule(MUTUAL), placed];
        assert.deepEqual(await pack.violations(elsewhere.map(resourceOf), "credential-elsewhere"), []);
    });

    it("know a secret's keys before its values", async () => {
        const objects = using(["tls.crt", "tls.key"]).map((object) =>
            object.data ? { ...object, data: { "tls.crt": NOT_KNOWN, "tls.key": NOT_KNOWN } } : object,
        );
        assert.equal((await pack.violations(objects.map(resourceOf), "credential-without-ca")).length, 1);
    });

    it("take the provider's namespace for a resource without one", async () => {
        const bare = (object: RawObject) => ({
            ...resourceOf(object),
            props: { ...object, metadata: { name: "partner" } },
        });
        const [first, second, third, held] = using(WHOLE);
        const others = [first, second, third].map(resourceOf);
        const id = "credential-elsewhere";
        assert.equal((await pack.violations([...others, { ...bare(held), namespace: "app" }], id)).length, 1);
        assert.deepEqual(await pack.violations([...others, { ...bare(held), namespace: "gateways" }], id), []);
    });

    it("take a wildcard's route, and miss the filter where it is left out", async () => {
        const wildcard = route(["*.partner.example"], { gateway: { name: "egress", namespace: "gateways" } });
        const objects = [...wildcard, egress()];
        assert.deepEqual(await pack.violations(objects.map(resourceOf)), []);
        const without = objects.filter(({ kind }) => kind !== "EnvoyFilter");
        assert.deepEqual(
            (await pack.violations(without.map(resourceOf))).map(({ policy, level }) => [policy, level]),
            [["gateway-without-name", "advisory"]],
        );
    });

    it("leave alone what is not of Kubernetes", async () => {
        const { props } = resourceOf(unchecked);
        const other = { type: "other:networking.istio.io/v1:DestinationRule", name: "partner", props };
        assert.deepEqual(await pack.violations([other, { type: "pulumi:pulumi:Stack", name: "test", props: {} }]), []);
    });
});
