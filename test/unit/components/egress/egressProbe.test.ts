import assert from "node:assert/strict";
import { EgressProbe, EgressProbeArgs } from "../../../../components";
import { probeScript } from "../../../../plan/egress/probe";
import { record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: EgressProbeArgs = { namespace: "payments", host: "api.partner.example" };

interface JobInputs {
    metadata: { name: string; namespace: string; annotations: Record<string, string> };
    spec: {
        backoffLimit: number;
        activeDeadlineSeconds: number;
        template: {
            metadata: { annotations: Record<string, string>; labels: Record<string, string> };
            spec: {
                restartPolicy: string;
                serviceAccountName: string;
                containers: { command: string[]; terminationMessagePolicy: string }[];
            };
        };
    };
}

async function job(args: EgressProbeArgs): Promise<JobInputs> {
    const recorder = await record();
    await run(recorder, () => new EgressProbe("probe", args));
    return recorder.named("probe-job").inputs as unknown as JobInputs;
}

describe("EgressProbe", () => {
    it("runs again in the next update, if it failed", async () => {
        const { metadata } = await job(good);
        assert.deepEqual(metadata.annotations, { "pulumi.com/replaceUnready": "true" });
    });

    it("is a Job in the mesh that can end: with a native sidecar, once, in time", async () => {
        const { spec } = await job({ ...good, timeoutSeconds: 30 });
        const { annotations, labels } = spec.template.metadata;
        assert.equal(annotations["sidecar.istio.io/nativeSidecar"], "true");
        assert.equal(labels["sidecar.istio.io/inject"], "true");
        assert.equal(spec.backoffLimit, 0);
        assert.equal(spec.activeDeadlineSeconds, 90);
        assert.equal(spec.template.spec.restartPolicy, "Never");
    });

    it("runs the script, whose last lines Kubernetes shows when it fails", async () => {
        const [container] = (await job({ ...good, expectedText: "it's" })).spec.template.spec.containers;
        const script = probeScript({
            ...good,
            path: "/",
            expectedStatus: 200,
            expectedText: "it's",
            timeoutSeconds: 60,
        });
        assert.deepEqual(container.command, ["sh", "-c", script]);
        assert.equal(container.terminationMessagePolicy, "FallbackToLogsOnError");
    });

    it("calls as the service account that it is given", async () => {
        assert.equal((await job(good)).spec.template.spec.serviceAccountName, "default");
        assert.equal((await job({ ...good, serviceAccount: "app" })).spec.template.spec.serviceAccountName, "app");
    });

    it("changes with its triggers, and so runs again", async () => {
        const { annotations } = (await job({ ...good, triggers: { certificate: "abc" } })).spec.template.metadata;
        assert.equal(annotations["mesh-egress/certificate"], "abc");
    });

    it("gives the Job's name", async () => {
        const probe = await run(await record(), () => new EgressProbe("probe", good));
        assert.equal(await valueOf(probe.jobName), "probe");
    });

    it("refuses bad arguments before anything is registered", async () => {
        const bad = { ...good, host: "*", path: "x", expectedStatus: 0, timeoutSeconds: 0 };
        assert.deepEqual(await refusedPaths(() => new EgressProbe("probe", bad)), [
            "host",
            "path",
            "expectedStatus",
            "timeoutSeconds",
        ]);
    });
});
