/** Commands of README and docs that a test runs, by the test. Commands of one line, as the page has them. */
export const RUN_BY: Record<string, string> = {
    "npm run report -- --stack dev --out report": "test/engine/report.test.ts",
    "npx changeset": "test/unit/packageChangesets.test.ts",
    "npm ci && npm pack": "test/unit/packageTarball.test.ts",
    "npm install ../mesh-egress/mesh-egress-0.1.0.tgz": "test/engine/package.test.ts",
    "mkdir mesh-egress && tar -xzf mesh-egress-0.1.0.tgz -C mesh-egress --strip-components=1":
        "test/engine/package.test.ts",
    "pulumi package add ./mesh-egress": "test/engine/package.test.ts",
    "curl -si http://api.partner.example | grep x-egress-failure": "test/e2e/troubleshooting.test.ts",
    "kubectl logs -n istio-egress -l istio=egress-gateway | grep api.partner.example":
        "test/e2e/troubleshooting.test.ts",
};

/** The same for those that no test runs, by the reason. */
export const NOT_RUN: Record<string, string> = {
    "npm ci && npm run demo": "takes minutes and a cluster; its steps are those of test/e2e/localEnvironment.test.ts",
    "npm run demo -- --down": "would take down the cluster that other tests use",
    "npm ci && npm test": "is the suite itself",
    "pulumi stack init local": "needs a language host and an existing cluster; the program runs inline in test/e2e",
    "pulumi preview": "as pulumi stack init local",
    "pulumi preview --diff": "as pulumi stack init local",
    "pulumi up": "as pulumi stack init local",
    "pulumi stack init dev": "needs an Azure subscription; test/engine/aks.test.ts runs the program with a stand-in",
    "pulumi up -s dev": "as pulumi stack init dev",
    "pulumi cancel --yes": "repairs a stack that was killed, by hand with the official plugin",
    "helm list --all-namespaces --all": "as pulumi cancel",
    "helm uninstall istiod --namespace istio-system": "as pulumi cancel",
    "PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up":
        "the stand-in does not know this option of the official plugin",
    "cosign verify --key https://istio.io/misc/istio-key.pub docker.io/istio/pilot:1.31.0":
        "needs a container registry",
    "cosign verify --key https://istio.io/misc/istio-key-v2.pub docker.io/istio/pilot:1.31.1":
        "needs a container registry",
};
