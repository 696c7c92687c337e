import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { openProofStack } from "../../lab/local/stack";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { request } from "../../lab/proof/http";
import { INSIDE_HEADERS } from "../../plan/egress/route/insideHeaders";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";
import { startCaller } from "../support/pods";
import {
    APPS,
    DIRECT,
    PARTNERS,
    THROUGH_GATEWAY,
    partnerHeadersProgram,
    partnerObjects,
} from "./partnerHeaders.program";

describe("what a partner reads in the headers of a call", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let caller: PodRef;
    let partner: PodRef;

    before(async function () {
        environment = await localEnvironment(this);
        cluster = environment.cluster;
        const { engine, plugins, local } = environment;
        const image = local.settings.curlImage;
        const labels = { "istio-injection": "enabled" };
        await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: APPS, labels } });
        for (const object of partnerObjects(image)) {
            await cluster.apply(object);
        }
        stack = await openProofStack(engine, plugins, local, "headers", partnerHeadersProgram(local));
        await stack.up({ refresh: true, ...listening });
        [caller, partner] = await Promise.all([
            startCaller(cluster, APPS, "caller", image),
            cluster.readyPod(PARTNERS, "app=partner", "server", 120),
        ]);
    });

    after(async () => {
        await stack?.destroy(listening);
        await stack?.workspace.removeStack("headers");
        for (const name of [APPS, PARTNERS]) {
            await cluster?.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    });

    /** Names of the headers that the partner got of one call, in order. */
    async function seen(url: string, headers: string[] = []): Promise<string[]> {
        const options = headers.flatMap((name) => ["-H", `${name}: inside`]);
        const { mark } = await waitFor(`200 from ${url}`, 30, async () => {
            const answer = await request(cluster, caller, url, { options });
            return answer.status === 200 && answer;
        });
        const line = await waitFor("the partner's line", 10, async () =>
            (await cluster.logs(partner)).split("\n").find((one) => one.includes(mark)),
        );
        return line.split(" ")[1].split(",");
    }

    /** What curl sends itself, and the number by which a partner can be asked about the call. */
    const ALL = ["accept", "host", "user-agent", "x-request-id"];

    it("through the gateway is the application's own, and a random number", async () => {
        assert.deepEqual(await seen(`http://${THROUGH_GATEWAY}`), ALL);
    });

    it("through the gateway holds nothing of the mesh, even if the application sends it", async () => {
        assert.deepEqual(
            await seen(`http://${THROUGH_GATEWAY}`, [...INSIDE_HEADERS, "x-forwarded-client-cert", "x-own"]),
            [...ALL, "x-own"].sort(),
        );
    });

    it("past the gateway is what the sidecar adds too: how often it tried, the host and port, and the scheme", async () => {
        assert.deepEqual(
            await seen(`http://${DIRECT}:8080`),
            [...ALL, "x-envoy-attempt-count", "x-envoy-decorator-operation", "x-forwarded-proto"].sort(),
        );
    });
});
