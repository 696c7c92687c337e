import assert from "node:assert/strict";
import { changesOf } from "../../../report/changes";
import { Fields } from "../../../report/safe";
import { trafficChanges } from "../../../report/traffic";
import { step, urn } from "../../support/previewSteps";

function told(op: string, type: string, before?: Fields, after?: Fields): string[] {
    return trafficChanges(changesOf([step(op, urn(type, "it"), before, after)])).map(({ text }) => text);
}

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const PREFIX = "azure-native:network:PublicIPPrefix";

describe("trafficChanges", () => {
    it("tells of a cluster's new version that it moves in place, and of a replaced cluster that no call leaves", () => {
        const version = (kubernetesVersion: string) => ({ kubernetesVersion });
        const [text] = told("update", CLUSTER, version("1.34"), version("1.35"));
        assert.match(text, /^Kubernetes `1\.34` → `1\.35`, in place: .*drained in turn/);
        assert.match(told("replace", CLUSTER, version("1.34"), version("1.34"))[0], /^replaced: .*no call leaves/);
        assert.match(told("delete", CLUSTER, version("1.34"))[0], /^deleted: /);
        assert.deepEqual(told("update", CLUSTER, { ...version("1.34"), tags: {} }, version("1.34")), []);
        assert.deepEqual(told("create", CLUSTER, undefined, version("1.34")), []);
    });

    it("tells of the add-on's revision", () => {
        const revisions = (...all: string[]) => ({ serviceMeshProfile: { istio: { revisions: all } } });
        const [text] = told("update", CLUSTER, revisions("asm-1-27"), revisions("asm-1-27", "asm-1-28"));
        assert.match(text, /^Istio add-on `asm-1-27` → `asm-1-27, asm-1-28`: a second control plane/);
    });

    it("tells the gateway's nodes from others", () => {
        const pool = (orchestratorVersion: string, nodeTaints: string[] = []) => ({ orchestratorVersion, nodeTaints });
        const taint = ["mesh-egress.io/pool=egress:NoSchedule"];
        assert.match(told("update", POOL, pool("1.34", taint), pool("1.35", taint))[0], /the gateway's pods move/);
        assert.match(told("update", POOL, pool("1.34"), pool("1.35"))[0], /drained in turn; pods move/);
        assert.match(
            told("replace", POOL, pool("1.34", taint), pool("1.34", taint))[0],
            /^replaced: .*the gateway's pods/,
        );
        assert.deepEqual(told("update", POOL, { ...pool("1.34"), count: 2 }, { ...pool("1.34"), count: 3 }), []);
    });

    it("tells each of Istio's charts apart, from a repository, a folder or a registry", () => {
        const release = (chart: string, version: string) => ({ chart, version });
        for (const [chart, effect] of [
            ["istiod", /control plane; .*calls continue/],
            ["./charts/istio-control/istio-discovery", /control plane/],
            ["oci://registry.example/istio/gateway", /replaced one by one/],
            ["base", /no proxy restarts/],
        ] as const) {
            const [text] = told("update", RELEASE, release(chart, "1.30.2"), release(chart, "1.31.0"));
            assert.match(text, /^chart `1\.30\.2` → `1\.31\.0`: /);
            assert.match(text, effect);
        }
        assert.match(told("replace", RELEASE, release("gateway", "1"), release("gateway", "1"))[0], /calls .* fail/);
        assert.deepEqual(told("update", RELEASE, release("redis", "1"), release("redis", "2")), []);
    });

    it("tells that partners see other addresses", () => {
        assert.match(told("replace", PREFIX, {}, {})[0], /other addresses/);
        assert.deepEqual(told("update", PREFIX, {}, { tags: {} }), []);
    });
});
