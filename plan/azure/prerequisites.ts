import { vCpus } from "./nodePool";

/** Resource providers that an environment's resources belong to; a new subscription has most of them unregistered. */
export const RESOURCE_PROVIDERS = [
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
];

/** What a subscription and a machine are asked before the first update. */
export interface AzureState {
    /** Whether `az account show` answers. */
    loggedIn: boolean;
    /** Whether `kubelogin` is on PATH. */
    hasKubelogin: boolean;
    /** Resource providers that are registered. */
    registeredProviders: string[];
    /** Versions of Kubernetes that the region offers, as minors. */
    kubernetesVersions: string[];
    /** Revisions of the Istio add-on that the region offers. */
    addonRevisions: string[];
    /** By family of virtual machines, such as `Ddsv5`: the vCPUs that are left. */
    freeVCpus: Record<string, number>;
}

/** What an environment needs of them. */
export interface AzureNeeds {
    location: string;
    kubernetesVersion: string;
    addonRevision?: string;
    /** The pools at their largest. */
    pools: { vmSize: string; maxNodes: number }[];
}

/** Something that is missing, and the command that mends it. */
export interface MissingPrerequisite {
    what: string;
    fix: string;
}

/** Everything that would make the first update fail half-way. */
export function missingPrerequisites(needs: AzureNeeds, state: AzureState): MissingPrerequisite[] {
    if (!state.loggedIn) {
        return [{ what: "Nobody is logged in to Azure", fix: "az login" }];
    }
    const { location } = needs;
    const minor = needs.kubernetesVersion.split(".").slice(0, 2).join(".");
    return [
        ...(state.hasKubelogin ? [] : [{ what: "kubelogin is not on PATH", fix: "az aks install-cli" }]),
        ...RESOURCE_PROVIDERS.filter((name) => !state.registeredProviders.includes(name)).map((name) => ({
            what: `The resource provider ${name} is not registered`,
            fix: `az provider register --wait --namespace ${name}`,
        })),
        ...(state.kubernetesVersions.includes(minor)
            ? []
            : [
                  {
                      what: `${location} does not offer Kubernetes ${minor}`,
                      fix: `az aks get-versions --location ${location} --output table`,
                  },
              ]),
        ...(needs.addonRevision === undefined || state.addonRevisions.includes(needs.addonRevision)
            ? []
            : [
                  {
                      what: `${location} does not offer ${needs.addonRevision} of the Istio add-on`,
                      fix: `az aks mesh get-revisions --location ${location} --output table`,
                  },
              ]),
        ...Object.entries(neededVCpus(needs.pools)).flatMap(([family, needed]) => {
            const free = state.freeVCpus[family] ?? 0;
            return free >= needed
                ? []
                : [
                      {
                          what: `${location} has ${free} vCPUs left of family ${family}, and the pools need ${needed} at their largest during an upgrade`,
                          fix: `az vm list-usage --location ${location} --output table, and ask for a higher quota in the portal`,
                      },
                  ];
        }),
    ];
}

/** Nodes that AKS adds to a pool during an upgrade: a tenth, at least one. */
function withSurge(nodes: number): number {
    return nodes + Math.max(1, Math.ceil(nodes / 10));
}

/** By family: the vCPUs of all pools at their largest, during an upgrade. */
export function neededVCpus(pools: AzureNeeds["pools"]): Record<string, number> {
    const needed: Record<string, number> = {};
    for (const { vmSize, maxNodes } of pools) {
        const family = familyOf(vmSize);
        needed[family] = (needed[family] ?? 0) + withSurge(maxNodes) * (vCpus(vmSize) ?? 0);
    }
    return needed;
}

/** `Standard_D4ds_v5` is of family `Ddsv5`. */
export function familyOf(vmSize: string): string {
    return vmSize
        .replace(/^Standard_/, "")
        .replace(/^([A-Z]+)\d+(?:-\d+)?/, "$1")
        .replaceAll("_", "");
}
