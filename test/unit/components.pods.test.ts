import assert from "node:assert/strict";
import { curlPodSpec } from "../../plan/shared/hardenedPod";
import { record, run } from "../support/mocks";
import { acceptedArguments } from "../support/validArguments";

interface SecurityContext {
    [field: string]: unknown;
    runAsUser?: number;
    runAsGroup?: number;
    seccompProfile?: { type: string };
    capabilities?: { drop?: string[]; add?: string[] };
}

interface PodSpec {
    automountServiceAccountToken?: boolean;
    securityContext: SecurityContext;
    containers: { securityContext: SecurityContext }[];
}

/** The pods that call the API server. */
const WITH_TOKEN = /-claims-check$/;

/** The "restricted" standard of https://kubernetes.io/docs/concepts/security/pod-security-standards, and no token. */
function assertHardened(
    { automountServiceAccountToken, securityContext, containers }: PodSpec,
    callsApiServer = false,
): void {
    assert.equal(automountServiceAccountToken, callsApiServer);
    assert.equal(securityContext.runAsNonRoot, true);
    assert.ok(securityContext.runAsUser! > 0 && securityContext.runAsGroup! > 0);
    assert.equal(securityContext.seccompProfile?.type, "RuntimeDefault");
    for (const container of containers) {
        assert.equal(container.securityContext.allowPrivilegeEscalation, false);
        assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
        assert.equal(container.securityContext.privileged, undefined);
    }
}

describe("the pods that components make", () => {
    it("meet the restricted Pod Security Standard and get no token of the API server that they do not need", async () => {
        const found: string[] = [];
        for (const [name, { Component, args }] of Object.entries(await acceptedArguments())) {
            const recorder = await record();
            await run(recorder, () => new Component("made", args));
            for (const { inputs, name: resource } of recorder.resources) {
                const pod = (inputs.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
                if (pod?.containers) {
                    found.push(`${name} ${resource}`);
                    assertHardened(pod, WITH_TOKEN.test(resource));
                }
            }
        }
        for (const one of [
            "EgressProbe made-job",
            "EgressLockdown made-check",
            "EgressLockdown made-claims-check",
            "MtlsServer made-deployment",
        ]) {
            assert.ok(found.includes(one), `${one} is among ${found.join(", ")}`);
        }
    });

    it("are made as the pod of a command's call is", () => {
        const spec = curlPodSpec({
            name: "call",
            image: "curl",
            command: ["sleep", "1"],
            serviceAccountName: "billing",
        });
        assertHardened(spec);
        assert.equal(spec.serviceAccountName, "billing");
    });
});
