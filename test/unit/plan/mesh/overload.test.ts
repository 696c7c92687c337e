import assert from "node:assert/strict";
import fc from "fast-check";
import { heapLimit, overloadValues } from "../../../../plan/mesh/overload";

const MEBIBYTE = 2 ** 20;

interface Manager {
    overload_manager: {
        resource_monitors: { name: string; typed_config: { max_heap_size_bytes: number } }[];
        actions: { name: string; triggers: { name: string; threshold: { value: number } }[] }[];
    };
}

function managerOf(resources: unknown): Manager["overload_manager"] | undefined {
    const [text] = Object.values(overloadValues(resources).annotations);
    return text === undefined ? undefined : (JSON.parse(text) as Manager).overload_manager;
}

describe("what a gateway does near its memory limit", () => {
    it("leaves a part of the limit to the rest of the container, and the larger part to Envoy's heap", () => {
        fc.assert(
            fc.property(fc.integer({ min: 160, max: 65_536 }), (mebibytes) => {
                const heap = heapLimit(`${mebibytes}Mi`)!;
                assert.ok(heap <= (mebibytes - 64) * MEBIBYTE && heap <= 0.9 * mebibytes * MEBIBYTE + 1);
                assert.ok(heap >= (mebibytes * MEBIBYTE) / 2);
            }),
        );
    });

    it("reads a limit in every spelling of Kubernetes", () => {
        assert.equal(heapLimit("1Gi"), heapLimit("1024Mi"));
        assert.equal(heapLimit(2 ** 30), heapLimit("1Gi"));
        assert.equal(heapLimit("1G"), heapLimit("1000M"));
        assert.equal(heapLimit("0.5Gi"), heapLimit("512Mi"));
    });

    it("goes by the chart's own limit where none is given, and does nothing without one or with one that is too small", () => {
        const heap = (resources?: unknown) =>
            managerOf(resources)?.resource_monitors[0].typed_config.max_heap_size_bytes;
        assert.equal(heap(), heapLimit("1024Mi"));
        assert.equal(heap({ requests: { cpu: "1" } }), heapLimit("1024Mi"));
        assert.equal(heap({ limits: { memory: "512Mi" } }), heapLimit("512Mi"));
        for (const memory of [null, "64Mi", "many"]) {
            const values = overloadValues({ limits: { memory } });
            assert.deepEqual(values, { annotations: {}, env: {}, volumes: [], volumeMounts: [] }, String(memory));
        }
    });

    it("gives memory back, then ends connections, and only then refuses calls", () => {
        const { actions, resource_monitors } = managerOf(undefined)!;
        assert.deepEqual(
            actions.map(({ name }) => name.split(".").at(-1)),
            ["shrink_heap", "disable_http_keepalive", "stop_accepting_requests"],
        );
        const thresholds = actions.map(({ triggers }) => triggers[0].threshold.value);
        assert.deepEqual(thresholds, [...thresholds].sort());
        assert.ok(thresholds.every((value) => value < 1));
        assert.ok(actions.every(({ triggers }) => triggers[0].name === resource_monitors[0].name));
    });

    it("tells Envoy by a file that is made of the pod's annotation", () => {
        const { annotations, env, volumes, volumeMounts } = overloadValues(undefined);
        const [{ downwardAPI }] = volumes as {
            downwardAPI: { items: { path: string; fieldRef: { fieldPath: string } }[] };
        }[];
        assert.equal(downwardAPI.items[0].fieldRef.fieldPath, `metadata.annotations['${Object.keys(annotations)[0]}']`);
        const { mountPath } = volumeMounts[0] as { mountPath: string };
        assert.equal(env.ISTIO_BOOTSTRAP_OVERRIDE, `${mountPath}/${downwardAPI.items[0].path}`);
    });
});
