import assert from "node:assert/strict";
import { liveInputs } from "../../../../lab/standins/kubernetes/drift";
import { fieldManagerOf, managersAfter } from "../../../../lab/standins/kubernetes/fieldManager";
import { kindOfType } from "../../../../lab/standins/kubernetes/kinds";
import { readKubeconfig } from "../../../../lab/standins/kubernetes/kubeconfig";
import { manifestOf } from "../../../../lab/standins/kubernetes/manifest";
import { chartValues } from "../../../../lab/standins/kubernetes/release/chartValues";
import { resourceNames } from "../../../../lab/standins/kubernetes/release/resourceNames";
import { releaseArguments } from "../../../../lab/standins/kubernetes/release/releaseArguments";
import { needsReplacement } from "../../../../lab/standins/kubernetes/replacements";
import { type Properties, Secret } from "../../../../lab/standins/shared/values";

describe("the stand-in for kubernetes", () => {
    const mutable = { secrets: true, configMaps: true };
    const immutable = { secrets: false, configMaps: false };

    it("applies as the annotation's manager, else the state's, else a new one", () => {
        const annotations = { "pulumi.com/patchFieldManager": "mine" };
        const state = { __fieldManager: "pulumi-kubernetes-1234" };
        assert.equal(fieldManagerOf({ metadata: { annotations } }, state), "mine");
        assert.equal(fieldManagerOf({}, state), "pulumi-kubernetes-1234");
        assert.match(fieldManagerOf({}, {}), /^pulumi-kubernetes-[0-9a-f]{8}$/);
        assert.notEqual(fieldManagerOf({}, {}), fieldManagerOf({}, {}));
    });

    it("takes over what kubectl and client-side apply own, and from nobody else", () => {
        const entry = (manager: string, operation: string, field: string) => ({
            manager,
            operation,
            fieldsV1: { "f:data": { [`f:${field}`]: {} } },
        });
        const live = (...managedFields: object[]) => ({ metadata: { name: "map", managedFields } });
        const istiod = entry("pilot-discovery", "Update", "c");
        const own = entry("own", "Apply", "a");
        assert.equal(managersAfter(live(own, istiod), "own"), undefined);
        assert.deepEqual(managersAfter(live(own, entry("kubectl", "Update", "b"), istiod), "own"), [
            istiod,
            { ...own, fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } } },
        ]);
        assert.deepEqual(managersAfter(live(entry("pulumi-kubernetes", "Update", "b")), "own"), [
            entry("own", "Apply", "b"),
        ]);
        // Applied on the server's side by another stack: nobody's to take.
        assert.equal(managersAfter(live(entry("pulumi-kubernetes", "Apply", "b")), "own"), undefined);
    });

    it("reads the kind from a type", () => {
        assert.deepEqual(kindOfType("kubernetes:core/v1:Secret"), { apiVersion: "v1", kind: "Secret" });
        assert.deepEqual(kindOfType("kubernetes:networking.istio.io/v1:Gateway"), {
            apiVersion: "networking.istio.io/v1",
            kind: "Gateway",
        });
    });

    it("replaces what Kubernetes does not change in place", () => {
        const deployment = { apiVersion: "apps/v1", kind: "Deployment" };
        const secret = { apiVersion: "v1", kind: "Secret" };
        assert.ok(needsReplacement(deployment, ["metadata", "name"], mutable));
        assert.ok(needsReplacement(deployment, ["spec", "selector", "matchLabels", "app"], mutable));
        assert.ok(!needsReplacement(deployment, ["spec", "selectors"], mutable));
        assert.ok(!needsReplacement(secret, ["data", "tls.key"], mutable));
        assert.ok(needsReplacement(secret, ["data", "tls.key"], immutable));
        assert.ok(needsReplacement(secret, ["type"], mutable));
    });

    it("takes for drift only what changed since the last deployment", () => {
        const inputs = { spec: { cpu: "1000m", list: [{ a: 1 }], gone: "x" } };
        const before = { spec: { cpu: "1", list: [{ a: 1, defaulted: true }], gone: "x" } };
        assert.deepEqual(liveInputs(inputs, before, before), inputs);
        const now = { spec: { cpu: "2", list: [{ a: 1, defaulted: true }] } };
        assert.deepEqual(liveInputs(inputs, before, now), { spec: { cpu: "2", list: [{ a: 1 }] } });
    });

    it("takes what somebody added for none, and what they removed from a list for drift", () => {
        const inputs = { spec: { list: [{ a: 1 }, { a: 2 }] } };
        const added: Properties = { spec: { list: [{ a: 1, b: 1 }, { a: 2 }, {}], other: 1 } };
        assert.deepEqual(liveInputs(inputs, inputs, added), inputs);
        const removed = { spec: { list: [{ a: 2 }] } };
        assert.deepEqual(liveInputs(inputs, inputs, removed), removed);
    });

    it("sees drift behind stringData, and keeps it secret", () => {
        const base64 = (text: string) => Buffer.from(text).toString("base64");
        const inputs = { stringData: new Secret({ a: "one", b: "two" }) };
        const before = { data: new Secret({ a: base64("one"), b: base64("two") }) };
        const now = { data: new Secret({ a: base64("meddled") }) };
        assert.deepEqual(liveInputs(inputs, before, before), inputs);
        assert.deepEqual(liveInputs(inputs, before, now), { stringData: new Secret({ a: "meddled" }) });
    });

    it("sends stringData as data", () => {
        const inputs = { kind: "Secret", data: { a: "eA==" }, stringData: new Secret({ b: "y" }) };
        assert.deepEqual(manifestOf(inputs), { kind: "Secret", data: { a: "eA==", b: "eQ==" } });
    });

    it("merges value files under the values, and keeps values off the command line", () => {
        const inputs = {
            name: "r",
            namespace: "n",
            chart: "./chart",
            version: "1.0.0",
            skipCrds: true,
            valueYamlFiles: [{ text: "a: { b: 1, c: 2 }\nd: [1]" }],
            values: { a: { c: new Secret("secret-value") }, e: null },
        };
        assert.deepEqual(chartValues(inputs), { a: { b: 1, c: "secret-value" }, d: [1] });
        const args = releaseArguments("upgrade", inputs, 7);
        assert.ok(!args.join(" ").includes("secret-value"));
        assert.deepEqual(args.slice(0, 5), ["upgrade", "r", "./chart", "--values", "-"]);
        assert.ok(!args.includes("--install"));
        assert.equal(releaseArguments("install", inputs, 7)[0], "install");
        assert.ok(["--wait", "7s", "--skip-crds", "1.0.0"].every((arg) => args.includes(arg)));
        assert.ok(!releaseArguments("upgrade", { ...inputs, skipAwait: true }, 0).includes("--wait"));
    });

    it("lists what a chart made", () => {
        const manifest =
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n---\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n";
        assert.deepEqual(resourceNames(manifest, "n"), { "Deployment.apps/apps/v1": ["n/a"], "Namespace/v1": ["b"] });
    });

    it("does not quote a kubeconfig that it can't read", () => {
        assert.throws(
            () => readKubeconfig("users: [{ token: secret-token\n"),
            (error: Error) => {
                return error.message === "the kubeconfig is not YAML";
            },
        );
    });
});
