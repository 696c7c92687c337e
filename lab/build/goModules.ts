/**
 * Groups that can be built: the Pulumi engine, its hosts for programs in several languages, the cluster and Istio, the
 * tools that only some tests use, an older Istio to upgrade from, or Pulumi's own plugin, which takes the place of a
 * stand-in where it is on PATH.
 */
export const groups = ["engine", "languages", "lab", "extra", "older-istio", "plugins"] as const;
export type Group = (typeof groups)[number];

export interface GoBinary {
    name: string;
    /** The folder in `lab/builds` whose go.mod and go.sum decide every version. */
    module: string;
    package: string;
    group: Group;
    /** Values set in the program by the linker, by variable. */
    variables?: Record<string, string>;
    tags?: string[];
    /** Files of the module that contains the package, which are put next to the program. */
    files?: { module: string; paths: string[] };
}

export const versions = {
    kubernetes: "1.34.4",
    /** The oldest version of Kubernetes that an EgressLockdown works with. */
    oldestKubernetes: "1.30.14",
    istio: "1.31.0",
    /** Istio's main branch of that day, four months before 1.31.0. No other release could be had as a Go module. */
    olderIstio: "1.31-dev-20260423",
    envoy: "1.39.3",
    coredns: "1.14.7",
    helm: "3.22.0",
    pulumi: "3.253.0",
    /** The newest that is a Go module: main of that day, after 4.24 and before 4.25. */
    kubernetesPlugin: "4.0.0-20260115033456-f47bc2d6f199",
};

const kubernetesPlugin = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** Istio stamps these into the proxies' bootstrap; without them everything reports itself as "unknown". */
const istioVariables = (version: string) => ({
    "istio.io/istio/pkg/version.buildVersion": version,
    "istio.io/istio/pkg/version.buildHub": "lab.example/istio",
    "istio.io/istio/pkg/version.buildTag": version,
});

const kubernetesVariables = {
    "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "34",
};

const kubernetes = (name: string): GoBinary => ({
    name,
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    group: "lab",
    variables: kubernetesVariables,
});

const istio = (name: string, path: string, tags: string[]): GoBinary => ({
    name,
    module: "istio",
    package: `istio.io/istio/${path}`,
    group: "lab",
    variables: istioVariables(versions.istio),
    tags,
});

const older = (binary: GoBinary): GoBinary => ({
    ...binary,
    name: `older-${binary.name}`,
    module: "older-istio",
    group: "older-istio",
    variables: istioVariables(versions.olderIstio),
});

// Istio's own build tags: the agent leaves out what only the control plane needs.
const pilotAgent = istio("pilot-agent", "pilot/cmd/pilot-agent", ["agent", "disable_pgv"]);
const pilotDiscovery = istio("pilot-discovery", "pilot/cmd/pilot-discovery", ["vtprotobuf", "disable_pgv"]);

const oldLanguage = (language: string): GoBinary => ({
    name: `pulumi-language-${language}`,
    module: "pulumi-languages",
    package: `github.com/pulumi/pulumi/sdk/v3/${language}/cmd/pulumi-language-${language}`,
    group: "languages",
});

export const goBinaries: readonly GoBinary[] = [
    kubernetes("kube-apiserver"),
    kubernetes("kube-controller-manager"),
    kubernetes("kube-scheduler"),
    kubernetes("kubelet"),
    kubernetes("kube-proxy"),
    pilotAgent,
    pilotDiscovery,
    istio("istioctl", "istioctl/cmd/istioctl", ["vtprotobuf", "disable_pgv"]),
    older(pilotAgent),
    older(pilotDiscovery),
    { name: "coredns", module: "coredns-and-helm", package: "github.com/coredns/coredns", group: "lab" },
    { name: "helm", module: "coredns-and-helm", package: "helm.sh/helm/v3/cmd/helm", group: "lab" },
    {
        name: "pulumi",
        module: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        group: "engine",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
    },
    { name: "actionlint", module: "actionlint", package: "github.com/rhysd/actionlint/cmd/actionlint", group: "extra" },
    { name: "pulumi-language-host", module: "pulumi-language-host", package: ".", group: "languages" },
    oldLanguage("nodejs"),
    oldLanguage("python"),
    {
        name: "pulumi-language-yaml",
        module: "pulumi-yaml",
        package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
        group: "languages",
    },
    {
        name: "pulumi-resource-kubernetes",
        module: "pulumi-kubernetes",
        package: ".",
        group: "plugins",
        variables: { [`${kubernetesPlugin}/pkg/version.Version`]: versions.kubernetesPlugin },
        files: {
            module: kubernetesPlugin,
            paths: ["schema.json", "terraform-mapping.json"].map((name) => `cmd/pulumi-resource-kubernetes/${name}`),
        },
    },
    { name: "cert-manager-controllers", module: "cert-manager", package: ".", group: "extra" },
    { name: "cyclonus", module: "cyclonus", package: "github.com/mattfenwick/cyclonus/cmd/cyclonus", group: "extra" },
    { name: "fortio", module: "fortio", package: "fortio.org/fortio", group: "extra" },
    { name: "oldest-kubernetes", module: "oldest-kubernetes", package: ".", group: "extra" },
    { name: "otelcol", module: "otelcol", package: ".", group: "extra" },
    { name: "vegeta", module: "vegeta", package: "github.com/tsenart/vegeta/v12", group: "extra" },
];
