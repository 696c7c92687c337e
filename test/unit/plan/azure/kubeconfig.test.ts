import assert from "node:assert/strict";
import { stringify } from "yaml";
import { KubeconfigLogin } from "../../../../plan/azure/clusterOptions";
import { kubeconfigFor } from "../../../../plan/azure/kubeconfig";

const SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

function given(user: object) {
    return stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "aks",
        clusters: [{ name: "aks", cluster: { server: "https://aks.example" } }],
        users: [{ name: "user", user }],
        contexts: [{ name: "aks", context: { cluster: "aks", user: "user" } }],
    });
}

const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: ["get-token", "--login", "devicecode", "--server-id", SERVER_ID, "--client-id", "x", "--tenant-id", "y"],
    env: null,
};

interface Config {
    clusters: unknown;
    users: { name: string; user: { exec?: { args: string[]; interactiveMode?: string; command: string } } }[];
}

describe("kubeconfigFor", () => {
    const modes: [KubeconfigLogin, string][] = [
        ["azureCli", "azurecli"],
        ["workloadIdentity", "workloadidentity"],
        ["servicePrincipal", "spn"],
    ];
    for (const [login, mode] of modes) {
        it(`logs in with ${mode}, to the same server, asking nobody`, () => {
            const config = JSON.parse(kubeconfigFor(login, given({ exec }))) as Config;
            const { exec: made } = config.users[0].user;
            assert.deepEqual(made?.args, ["get-token", "--login", mode, "--server-id", SERVER_ID]);
            assert.equal(made?.command, "kubelogin");
            assert.equal(made?.interactiveMode, "Never");
            assert.deepEqual(config.clusters, [{ name: "aks", cluster: { server: "https://aks.example" } }]);
        });
    }

    it("leaves who is authenticated otherwise", () => {
        const config = JSON.parse(kubeconfigFor("azureCli", given({ token: "t" }))) as Config;
        assert.deepEqual(config.users, [{ name: "user", user: { token: "t" } }]);
    });

    it("does not repeat in an error what it could not read", () => {
        for (const text of ["token: [hush", "hush", "&hush { users: [], a: *hush }"]) {
            assert.throws(
                () => kubeconfigFor("azureCli", text),
                (error: Error) => !error.message.includes("hush") && /not YAML/.test(error.message),
            );
        }
    });
});
