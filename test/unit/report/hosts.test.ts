import assert from "node:assert/strict";
import { changesOf } from "../../../report/changes";
import { describeDifference, describeHost, hostChanges } from "../../../report/hosts";
import { Step } from "../../../report/steps";
import { route, step, steps, urn } from "../../support/previewSteps";

const API = "api.partner.example";
const other = route(["other.partner.example"]);
const ofPreview = (all: Step[]) => hostChanges(changesOf(all));
const changedIn = (all: Step[]) => ofPreview(all).filter(({ action }) => action !== "same");

describe("hostChanges", () => {
    it("tells of an added host its mode, certificate, callers and port", () => {
        const [added, ...rest] = changedIn(steps(other, [...other, ...route([API])]));
        assert.deepEqual(rest, []);
        assert.equal(added.host, API);
        assert.equal(added.action, "create");
        assert.equal(
            describeHost(added.after!),
            "mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
        );
    });

    it("tells of a host that joins a route, and not of the one that shares its objects", () => {
        const changed = changedIn(steps(route([API]), route([API, "new.partner.example"])));
        assert.deepEqual(
            changed.map(({ host, action }) => [host, action]),
            [["new.partner.example", "create"]],
        );
    });

    it("tells of a removed host what is lost, also where its route stays", () => {
        for (const [before, after] of [
            [[...other, ...route([API])], other],
            [route(["other.partner.example", API]), other],
        ]) {
            const [removed, ...rest] = changedIn(steps(before, after));
            assert.deepEqual([removed.host, removed.action, rest.length], [API, "delete", 0]);
            assert.match(describeHost(removed.before!), /callers `payments\/billing`/);
        }
    });

    it("tells of a changed host each fact that differs", () => {
        const after = route([API], {
            credential: "partner-b",
            allowFrom: [{ namespace: "shop" }],
            port: 8443,
            address: "10.0.0.1",
        });
        const [changed] = changedIn(steps(route([API]), after));
        assert.equal(changed.action, "update");
        assert.deepEqual(describeDifference(changed.before!, changed.after!), [
            "certificate `partner-a` → `partner-b`",
            "callers `payments/billing` → `shop`",
            "port `443` → `8443`",
            "dialled at none → `10.0.0.1`",
        ]);
    });

    it("names the object that changes where no fact does", () => {
        const [changed] = changedIn(steps(route([API]), route([API], { maxConnectionSeconds: 60 })));
        assert.deepEqual(changed.touched, ["DestinationRule (update)"]);
    });

    it("tells of a host whose credential gets another content", () => {
        const secret = { metadata: { name: "partner-a", namespace: "istio-egress" }, type: "kubernetes.io/tls" };
        const rotation = step("update", urn("kubernetes:core/v1:Secret", "credential"), secret, secret);
        const [changed] = changedIn([...steps(route([API]), route([API])), rotation]);
        assert.deepEqual([changed.host, changed.action], [API, "update"]);
        assert.deepEqual(changed.touched, ["content of credential `partner-a` (update)"]);
    });

    it("calls each mode by its name", () => {
        const modes = {
            mutualTls: "mTLS",
            simpleTls: "TLS",
            http: "plain HTTP",
            passthrough: "passthrough",
            sidecarMutualTls: "mTLS from the sidecar",
            sidecarSimpleTls: "TLS from the sidecar",
            direct: "direct",
        } as const;
        for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
            const workloadLabels = mode === "sidecarMutualTls" ? { app: "billing" } : undefined;
            const hasCredential = mode === "mutualTls" || mode === "sidecarMutualTls";
            const [{ after }] = changedIn(steps([], route([API], { mode, workloadLabels, hasCredential })));
            assert.equal(after?.mode, modes[mode]);
            assert.equal(after.gateways.length, mode.startsWith("sidecar") || mode === "direct" ? 0 : 1, mode);
        }
    });
});
