import assert from "node:assert/strict";
import * as k8s from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { EgressProbe } from "../../components";
import { openLocalStack } from "../../lab/local/stack";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { CALLERS, HOST, IMPOSTOR } from "../../lab/proof/program";
import { PROOFS, ProofContext } from "../../lab/proof/proofs";
import { hostObjectName } from "../../plan/shared/names";
import { LocalEnvironment, listening, localEnvironment } from "../support/localEnvironment";

describe("the local environment on a real cluster", function () {
    let environment: LocalEnvironment;
    let cluster: Cluster;
    let stack: Stack;
    let context: ProofContext;

    before(async function () {
        environment = await localEnvironment(this);
        ({ cluster, stack, context } = environment);
    });

    for (const proof of PROOFS) {
        it(proof.claim, async () => {
            await proof.observe(context);
        });
    }

    it("Istio is installed with an egress gateway, no ingress, logs on standard output and rewritten probes", async () => {
        const map = async (name: string) =>
            (await cluster.core.readNamespacedConfigMap({ name, namespace: "istio-system" })).data ?? {};
        assert.match((await map("istio")).mesh, /^accessLogFile: \/dev\/stdout$/m);
        assert.match((await map("istio")).mesh, /outboundTrafficPolicy:\n\s+mode: REGISTRY_ONLY/);
        const injector = JSON.parse((await map("istio-sidecar-injector")).values) as Record<string, unknown>;
        assert.match(JSON.stringify(injector.sidecarInjectorWebhook), /"rewriteAppHTTPProbe":true/);
        const { items } = await cluster.api(k8s.AppsV1Api).listDeploymentForAllNamespaces();
        const istio = items.filter(({ metadata }) => metadata?.namespace?.startsWith("istio-"));
        assert.deepEqual(istio.map(({ metadata }) => metadata?.name).sort(), ["egress-gateway", "istiod"]);
    });

    it("a route whose rule somebody deleted fails instead of calling in plaintext", async () => {
        const rule = {
            apiVersion: "networking.istio.io/v1",
            kind: "DestinationRule",
            metadata: { name: hostObjectName(HOST), namespace: context.gateway.namespace },
        };
        const { spec }: AnyObject = await cluster.objects.read<AnyObject>(rule);
        await cluster.remove(rule);
        try {
            const seen = await waitFor("another answer than 200", 15, async () => {
                const answer = await call(cluster, context.caller, HOST);
                return answer.status !== 200 && answer;
            });
            // nginx answers 400 to plaintext on its TLS port.
            assert.equal(seen.status, 503, seen.body);
            assert.match(seen.failure, /TLS_error/);
        } finally {
            await cluster.apply({ ...rule, spec });
        }
        await waitFor("200 again", 15, async () => (await call(cluster, context.caller, HOST)).status === 200);
    });

    it("a probe that gets another answer fails the update with the reason", async () => {
        const { engine, plugins, local } = environment;
        const probing = await openLocalStack(engine, plugins, local, (opts) => {
            const probe = { namespace: CALLERS, host: IMPOSTOR, image: local.settings.curlImage, timeoutSeconds: 5 };
            new EgressProbe("impostor-probe", probe, opts);
        });
        const failure = await probing.up(listening).then(
            () => assert.fail("the probe succeeded"),
            (error: unknown) => String(error),
        );
        assert.match(
            failure,
            /impostor\.partner\.example answered 503, expected 200: the server's certificate is not for/,
        );
        assert.match(failure, /CERTIFICATE_VERIFY_FAILED:SAN_matcher/);
        // Without the probe in the program, the next update takes its Job away.
        await stack.up(listening);
    });

    it("a second up changes nothing", async () => {
        const { summary } = await stack.up(listening);
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("a refresh finds no drift", async () => {
        const { summary } = await stack.refresh(listening);
        assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });
});
