import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { stringify } from "yaml";
import { readConfig } from "../../../stacks/config";
import { RUNS, Secrets, assertRefusal, jsonOf, mostly, newSecrets } from "../../support/fuzz";

/** Settings of a stack with secrets where people write them, and texts that are no settings. */
function settings({ pem, pemInBase64, token, password }: Secrets): fc.Arbitrary<Record<string, string>> {
    const secret = fc.constantFrom(pem, pemInBase64, token);
    const names = ["hosts", "allowFrom", "namespace", "mode", "adminGroup", "cluster", "location", "privateKey"];
    const value = jsonOf(fc.oneof(fc.jsonValue({ maxDepth: 0 }), secret), ...names);
    const partly = (model: Record<string, unknown>) => {
        const changed = Object.entries(model).map(([key, one]) => [key, mostly(fc.constant(one), value)] as const);
        return fc.oneof(
            { weight: 4, arbitrary: fc.constant(model) },
            { weight: 1, arbitrary: fc.record(Object.fromEntries(changed), { requiredKeys: [] }) },
        );
    };
    const users = [{ name: "jane", user: { username: "jane", password, token, "client-key-data": pemInBase64 } }];
    const kubeconfig = stringify({ apiVersion: "v1", kind: "Config", users });
    const route = partly({
        name: "partner",
        hosts: ["api.partner.example"],
        allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }],
        certificate: pem,
        privateKey: pem,
        serverCa: pem,
        keyVault: { vaultUrl: "https://vault.example", certificate: "partner" },
    });
    const values = { global: { imagePullSecrets: [password], token }, pilot: { env: { PASSWORD: password } } };
    const pool = { vmSize: "Standard_D4ds_v5", minNodes: 2 };
    const etcdKey = { keyId: pem, keyVaultId: token };
    const cluster = { kubernetesVersion: "1.36", systemPool: pool, egressPool: pool, etcdKey };
    const given: Record<string, fc.Arbitrary<unknown>> = {
        routes: fc.array(route, { maxLength: 2 }),
        cluster: partly({ kubeconfig, context: "dev", identifier: "one" }),
        mesh: partly({ values, hub: `https://jane:${password}@registry.example`, trustDomain: token }),
        probe: partly({ namespace: "payments", path: `/?token=${token}`, expectedText: password }),
        azure: partly({ location: "westeurope", adminGroup: token, tags: { password }, cluster }),
        certificates: partly({
            organization: "x",
            rotationTrigger: token,
            revoked: [{ serial: pemInBase64, revokedAt: "" }],
        }),
        gateway: partly({ minReplicas: 2, nodeSelector: { password }, resources: { token } }),
        lockdown: partly({
            namespaces: ["payments"],
            policyEngine: "cilium",
            gatewayEgress: [{ internet: true }],
            imageRegistries: [`https://jane:${password}@registry.example`],
        }),
        // A list, whose configuration is a text where it was set without --path.
        callerNamespaces: mostly(fc.constant(["payments"]), value),
    };
    const written = (one: fc.Arbitrary<unknown>) =>
        fc.oneof(
            { weight: 20, arbitrary: mostly(one, value).map((all) => JSON.stringify(all)) },
            { weight: 1, arbitrary: fc.oneof(fc.string(), secret, fc.constant(kubeconfig)) },
        );
    const texts: Record<string, fc.Arbitrary<unknown>> = {
        ...Object.fromEntries(Object.entries(given).map(([key, one]) => [key, written(one)])),
        // An enum's value is no JSON.
        pki: mostly(fc.constantFrom("pulumi", "certManager"), fc.oneof(secret, fc.string())),
    };
    return fc.record(texts, { requiredKeys: ["routes"] }) as fc.Arbitrary<Record<string, string>>;
}

describe("a stack's configuration", () => {
    const secrets = newSecrets();

    it("is its values, or one refusal without a part of a key, a token or a password", () => {
        let [read, refused] = [0, 0];
        fc.assert(
            fc.property(settings(secrets), (given) => {
                try {
                    readConfig({
                        name: "mesh-egress",
                        get: (key) => (Object.hasOwn(given, key) ? given[key] : undefined),
                    });
                    read += 1;
                } catch (error) {
                    assertRefusal(error, RunError, secrets);
                    refused += 1;
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(read > 0 && refused > RUNS / 3, `${read} read, ${refused} refused`);
    });
});
