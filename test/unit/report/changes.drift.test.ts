import assert from "node:assert/strict";
import { IDENTITY_HEADER, identityPattern } from "../../../plan/egress/route/identity";
import { previewReport } from "../../../report";
import { urn } from "../../support/previewSteps";

/*
 * What `pulumi preview --refresh --json` writes of what somebody changed by hand, as pkg/backend/display/json.go of the
 * engine makes it: where the refresh found a change, a step "update" or "delete", and after it the step of the update.
 */

const POLICY = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
const NETWORK = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const VIRTUAL = "kubernetes:networking.istio.io/v1:VirtualService";

interface Content {
    spec: object;
}

/** A state whose live object is more than its inputs: the plugin keeps of a refreshed list what the program has set. */
function state(type: string, inputs: Content, live: Content = inputs) {
    const [, version, kind] = type.split(":");
    const object = { apiVersion: version, kind, metadata: { name: "it", namespace: "istio-egress" } };
    return { type, inputs: { ...object, ...inputs }, outputs: { ...object, ...live, status: {}, __fieldManager: "p" } };
}

function report(steps: object[]): string {
    const preview = JSON.stringify({ steps, changeSummary: { update: 1 } });
    return previewReport(preview, { stack: "dev", now: new Date() }).markdown;
}

/** The steps where somebody changed `recorded` to `found`, and the program still says `recorded`. */
function changed(type: string, recorded: Content, found: Content, inputs = found, op = "update") {
    const [was, is] = [state(type, recorded), state(type, inputs, found)];
    const at = { urn: urn(type, "it") };
    return [
        { op: "update", ...at, oldState: was, newState: is, diffReasons: ["spec"] },
        { op, ...at, oldState: is, newState: was, diffReasons: ["spec"] },
    ];
}

const caller = { from: [{ source: { principals: ["cluster.local/ns/payments/sa/billing"] } }] };
const closed = { spec: { action: "ALLOW", rules: [caller] } };
const opened = { spec: { action: "ALLOW", rules: [caller, {}] } };

describe("the report of what was changed by hand", () => {
    it("says what a policy opens that somebody opened, also where the plugin keeps the new rule out of the inputs", () => {
        for (const inputs of [opened, closed]) {
            const markdown = report(changed(POLICY, closed, opened, inputs));
            assert.match(markdown, /^- `\+ it`: opened by hand: anyone may call$/m);
            assert.match(markdown, /Changed by hand[^]*`AuthorizationPolicy`.*in `spec`/);
            assert.doesNotMatch(markdown, /: closed/);
        }
    });

    it("says so, where the next update leaves it as it is", () => {
        const markdown = report(changed(POLICY, closed, opened, closed, "same"));
        assert.match(markdown, /opened by hand: anyone may call/);
        assert.match(markdown, /the next update does not undo it/);
    });

    it("says that a deleted guard opens", () => {
        const lock = state(NETWORK, { spec: { policyTypes: ["Egress"], egress: [] } });
        const at = { urn: urn(NETWORK, "it") };
        const markdown = report([
            { op: "delete", ...at, oldState: lock },
            { op: "create", ...at, newState: lock },
        ]);
        assert.match(markdown, /opened by hand: network policy deleted/);
        assert.match(markdown, /`NetworkPolicy` networking\.k8s\.io was deleted/);
        assert.doesNotMatch(markdown, /: closed/);
    });

    it("names the callers that a host got by hand, and that an update takes from it", () => {
        const to = (headers?: object) => ({
            spec: {
                hosts: ["api.partner.example"],
                gateways: ["egress", "mesh"],
                http: [{ match: [{ gateways: ["egress"], ...(headers && { headers }) }], route: [] }],
            },
        });
        const pattern = identityPattern({ namespace: "payments", serviceAccounts: ["billing"] }, "cluster.local");
        const identity = { [IDENTITY_HEADER]: { regex: pattern } };
        const markdown = report(changed(VIRTUAL, to(identity), to()));
        assert.match(markdown, /api\.partner\.example.*opened by hand to `anyone`/);
    });

    it("tells what the program changes apart from what was changed by hand", () => {
        const [found, update] = changed(POLICY, closed, opened);
        const next = { spec: { action: "ALLOW", rules: [] } };
        const markdown = report([found, { ...update, newState: state(POLICY, next) }]);
        assert.match(markdown, /opened by hand: anyone may call/);
        assert.match(markdown, /to be looked at: policy that refuses callers updated/);
    });

    it("has nothing of what only the cluster keeps of an object", () => {
        const is = { ...state(POLICY, closed), outputs: { ...state(POLICY, closed).outputs, status: { seen: 1 } } };
        const at = { urn: urn(POLICY, "it") };
        const markdown = report([
            { op: "update", ...at, oldState: state(POLICY, closed), newState: is, diffReasons: [] },
            { op: "same", ...at, oldState: is, newState: is },
        ]);
        assert.match(markdown, /Nothing changes/);
        assert.doesNotMatch(markdown, /by hand/);
    });

    it("reads a refresh that found nothing as no change", () => {
        const at = { urn: urn(POLICY, "it"), oldState: state(POLICY, closed), newState: state(POLICY, closed) };
        assert.match(
            report([
                { op: "refresh", ...at },
                { op: "same", ...at },
            ]),
            /Nothing changes/,
        );
    });
});
