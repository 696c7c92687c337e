import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { openStack } from "../../lab/engine";
import { CALLERS, HOST, localConfig } from "../../lab/proof/program";
import type { StackConfig } from "../../stacks/config";
import { deployEnvironment } from "../../stacks/environment";
import { EngineSetup, machine } from "../support/machine";
import { noCluster } from "../support/noCluster";

const NO_CLUSTER = noCluster();

const CONFIG = localConfig({
    cluster: { kubeconfig: NO_CLUSTER },
    mesh: { charts: { repository: "https://charts.example" }, version: "1.31.0" },
    curlImage: "curl",
});

describe("pulumi preview with the real engine", function () {
    let setup: EngineSetup;
    let stateDir: string;

    before(async function () {
        setup = await machine.engine(this);
        stateDir = await mkdtemp(join(tmpdir(), "mesh-egress-engine-"));
    });

    after(async () => {
        if (stateDir) {
            await rm(stateDir, { recursive: true });
        }
    });

    const open = (name: string, config: StackConfig): Promise<Stack> =>
        openStack({
            ...setup,
            name,
            project: "mesh-egress",
            program: () => {
                deployEnvironment(config);
                return Promise.resolve();
            },
            stateDir,
            passphrase: "only for this test",
        });

    it("works before any cluster exists, and names every resource", async () => {
        const stack = await open("no-cluster", CONFIG);
        const events: EngineEvent[] = [];
        const { changeSummary } = await stack.preview({ onEvent: (event) => void events.push(event) });
        assert.deepEqual(Object.keys(changeSummary), ["create"]);
        const created = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn ?? []);
        for (const part of [
            "Release::egress-mesh-istiod",
            "Gateway::egress-gateway-gateway",
            "Job::egress-partner-probe-job",
        ]) {
            assert.ok(
                created.some((urn) => urn.endsWith(part)),
                `${part} is not in the preview`,
            );
        }
    });

    it("refuses a wrong configuration before any resource registers, with path, value, expectation and fix", async () => {
        const routes = [{ name: "partner", hosts: [HOST, "*.example"], allowFrom: [{ namespace: CALLERS }] }];
        const stack = await open("refused", { ...CONFIG, routes });
        const events: EngineEvent[] = [];
        const failure = await stack.preview({ onEvent: (event) => void events.push(event) }).then(
            () => assert.fail("the preview was accepted"),
            (error: unknown) => String(error),
        );
        assert.match(failure, /routes\[0\]\.hosts\[1\]: "\*\.example" covers a whole public suffix/);
        assert.match(failure, /expected a wildcard of a domain that one partner owns/);
        assert.match(failure, /Name the partner's own domain/);
        const registered = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.type ?? []);
        assert.deepEqual(
            registered.filter((type) => !type.startsWith("pulumi:")),
            [],
        );
    });
});
