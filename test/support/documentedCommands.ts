/** Commands of README and docs that a test runs, by the test. Commands of one line, as the page has them. */
export const RUN_BY: Record<string, string> = {
    "istioctl analyze --use-kube=false --all-namespaces docs/samples/by-hand.yaml":
        "test/engine/istioctlBeside.test.ts",
    'kubectl get secret egress-chain-root --namespace cert-manager --output go-template=\'{"apiVersion":"v1","kind":"Secret","type":"{{.type}}","metadata":{"name":"{{.metadata.name}}","namespace":"istio-egress"},"data":{"ca.crt":"{{index .data "ca.crt"}}","tls.crt":"{{index .data "tls.crt"}}","tls.key":"{{index .data "tls.key"}}"}}\' | kubectl create --filename -':
        "test/engine/oldAuthority.test.ts",
    "npm ci && npm run demo": "test/commands/demo.test.ts",
    "npm run demo -- --down": "test/commands/demo.test.ts",
    "npm run mesh-egress -- review docs/samples/by-hand.yaml": "test/unit/docs/samples.test.ts",
    "pulumi stack init local": "test/commands/stacks.test.ts",
    "pulumi stack init dev": "test/engine/aksJourney.test.ts",
    "npm run mesh-egress -- azure check stacks/Pulumi.dev.yaml": "test/engine/aksJourney.test.ts",
    "pulumi preview": "test/commands/stacks.test.ts",
    "pulumi preview --diff": "test/commands/stacks.test.ts",
    "pulumi up": "test/commands/stacks.test.ts",
    "pulumi refresh": "test/commands/stacks.test.ts",
    "pulumi destroy": "test/commands/stacks.test.ts",
    "npm run report -- --stack dev --out report": "test/commands/stacks.test.ts",
    "npm run recover -- --stack local": "test/commands/killed.test.ts",
    "npm ci && npm pack --pack-destination ..": "test/unit/package.tarball.test.ts",
    "mkdir mesh-egress-0.1.0 && tar -xzf mesh-egress-0.1.0.tgz -C mesh-egress-0.1.0 --strip-components=1":
        "test/engine/templates.test.ts",
    "pulumi new ./mesh-egress/templates/anyCluster/typescript --dir my-egress": "test/engine/templates.test.ts",
    "pulumi new ./mesh-egress/templates/routesOnly/typescript --dir my-egress": "test/engine/templates.test.ts",
    "npm install ../mesh-egress-0.1.0.tgz": "test/engine/templates.test.ts",
    "pulumi package add ../mesh-egress-0.1.0": "test/engine/templates.test.ts",
    "npm install --omit=dev --save-prod --prefix mesh-egress-0.1.0 @pulumi/tls@^5": "test/engine/templates.test.ts",
    "pulumi config set serverCa < server-ca.pem": "test/engine/templates.test.ts",
    "pulumi config set clientCertificate < client.pem": "test/engine/templates.test.ts",
    "pulumi config set clientCa < client-ca.pem": "test/engine/templates.test.ts",
    "pulumi config set --secret clientKey < client-key.pem": "test/engine/templates.test.ts",
    "curl -si http://api.partner.example | grep x-egress-failure": "test/e2e/troubleshooting.test.ts",
};

/** The same for those that no test runs, by the reason. */
export const NOT_RUN: Record<string, string> = {
    "npm ci && npm test": "is the suite itself",
    "sudo curl -fsSLo /usr/local/bin/kind https://kind.sigs.k8s.io/dl/v0.30.0/kind-linux-amd64 && sudo chmod +x /usr/local/bin/kind":
        "downloads kind; test/unit/lab/local/cluster.test.ts compares it with what the demo prints",
    "cd ..": "changes the folder; the tests run the commands around it in the folders that they are for",
    "cd my-egress": "as cd ..",
    "npx changeset": "asks questions; test/unit/package.changesets.test.ts runs its commands `status` and `version`",
    "pulumi plugin install resource mesh-egress v0.1.0 --server github://api.github.com/OWNER/mesh-egress":
        "the package is not published; test/unit/scripts/pluginArchives.test.ts makes the release's archives",
    "npm install ../mesh-egress-0.1.0.tgz @pulumi/policy":
        "test/engine/templates.test.ts installs the archive, and test/engine/policy.test.ts has the engine start a pack",
    "npm install mesh-egress": "the package is not published; test/engine/templates.test.ts installs its archive",
    "pulumi package add mesh-egress": "as npm install mesh-egress",
    "npm run lab -- up":
        "the tests that need a cluster start the lab through the same function, `up` of lab/cluster/up.ts",
    'eval "$(npm run -s lab -- env)"': "for a person's shell; the tests take the same settings from the running lab",
    "npm run lab -- status": "for a person, while the lab runs",
    "npm run lab -- down":
        "would take down the cluster that other tests use; they call `down` of lab/cluster/up.ts at their end",
    "npm run bench": "takes hours",
    "npm run certs -- --stack demo": "needs the demo's stack; test/unit/lab/local/namedStack.test.ts opens it",
    "pulumi up -s dev":
        "needs an Azure subscription; test/engine/aksJourney.test.ts previews it, and aks.test.ts runs its program with a stand-in",
    "PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh":
        "chaos/scenarios/byHand.ts does the same with the engine's API",
    "PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up":
        "for a state that an older tool has cleaned; test/engine/standins.test.ts has the provider's option",
    "npm install --omit=dev --save-prod --prefix mesh-egress-0.1.0 @pulumi/azure-native@^3":
        "takes long; the same with @pulumi/tls is run, and npm run bench -- size installs both",
    "kubectl logs -n istio-egress -l istio=egress-gateway --tail=-1 --since=15m --prefix | grep api.partner.example":
        "test/e2e/troubleshooting.test.ts reads the gateway's log through the API",
    "helm get manifest egress-gateway --namespace istio-egress | kubectl apply --server-side --force-conflicts --filename -":
        "no test damages the chart's objects; lab/standins/kubernetes/release/releases.ts reads only Helm's record, as the provider does",
    "kubectl scale deployment egress-gateway --namespace istio-egress --replicas 2":
        "as helm get manifest; the scenarios of chaos/ scale deployments through the API",
    "kubectl get pods -n istio-egress": "reads what the tests read through the API",
    "kubectl describe pod -n istio-egress <pod>": "as kubectl get pods",
    "kubectl logs -n istio-egress <pod>": "as kubectl get pods",
    "npm run schema": "writes the repository's files; test/unit/package.test.ts compares schema.json with the code",
    "kubectl get jobs --all-namespaces -l mesh-egress/lockdown=guard":
        "test/e2e/lockdown.test.ts reads the Jobs through the API",
    "kubectl rollout restart deployment -n payments": "the scenarios of chaos/ restart deployments through the API",
    "kubectl label namespace payments istio-injection- istio.io/rev=1-31-1":
        "chaos/scenarios/istioUpgraded.ts does the same through the API",
    "kubectl exec -n istio-egress <pod> -- pilot-agent request POST 'logging?connection=debug'":
        "chaos/stage/reasons.ts does the same through the API",
    "kubectl logs -n istio-egress <pod> --since=1m | grep -o 'TLS_error.*'": "as the one with logging?connection=debug",
    "kubectl exec -n istio-egress <pod> -- pilot-agent request POST 'logging?connection=warning'":
        "as the one with logging?connection=debug",
    "istioctl proxy-status": "needs two control planes, which only a scenario of chaos/ has",
    "cosign verify --key https://istio.io/misc/istio-key.pub docker.io/istio/pilot:1.31.0":
        "needs a container registry",
    "cosign verify --key https://istio.io/misc/istio-key-v2.pub docker.io/istio/pilot:1.31.1":
        "needs a container registry",
};

/** Commands by their beginning: the test that runs them with other files or names, or the reason why none does. */
export const FAMILIES: Record<string, string> = {
    "npx mesh-egress review": "test/unit/cli/review.test.ts",
    "npx mesh-egress report": "test/unit/cli/report.test.ts",
    "npx mesh-egress explain": "test/e2e/explain.test.ts",
    "npx mesh-egress adopt": "test/e2e/adopt.test.ts",
    "npx mesh-egress certificates": "test/unit/cli/certificates.test.ts",
    "npx mesh-egress recover": "test/unit/cli/recover.test.ts",
    "npx mesh-egress completion": "test/unit/cli/run.test.ts",
    "npx mesh-egress --help": "test/unit/package.command.test.ts",
    "helm template charts/egress | npx mesh-egress review -": "test/unit/cli/review.test.ts",
    "kubectl kustomize overlays/prod | npx mesh-egress review -": "test/unit/cli/review.test.ts",
    "pulumi preview --json": "test/engine/package.test.ts",
    "pulumi preview --policy-pack": "test/engine/policy.test.ts",
    "npx mesh-egress azure check": "test/unit/cli/azure.test.ts",
    "npm run chaos -- ": "test/unit/chaos/page.test.ts",
    "npm run bench -- ": "not run: measures, for minutes to hours, on a machine with nothing else to do",
    "pulumi config set kubernetes:": "test/engine/templates.test.ts",
    "pulumi config set --secret kubernetes:kubeconfig": "test/engine/templates.test.ts",
    "az ": "not run: needs an Azure subscription",
    "pulumi config set --path 'mesh-egress:azure.adminGroup'": "test/engine/aksJourney.test.ts",
};
