import { PROMETHEUS_PROVIDERS } from "./managedPrometheus";

/** Resource providers of an environment's resources. A new subscription has most of them unregistered. */
export const RESOURCE_PROVIDERS = [
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
];

/** What the Azure Policy add-on needs in addition (articles/governance/policy/concepts/policy-for-kubernetes.md of MicrosoftDocs/azure-docs). */
const POLICY_PROVIDER = "Microsoft.PolicyInsights";

/** A virtual machine size in a region. */
export interface SizeFacts {
    /** Family for its quota, such as `standardDDSv5Family`. */
    family: string;
    vCpus: number;
    /** Zones of the region that offer it. */
    zones: string[];
    /** Reason why the subscription cannot use it there. Undefined if it can. */
    restriction?: string;
}

/** State of a subscription and of this machine before the first update. Undefined parts could not be read. */
export interface AzureState {
    /** Whether `az account show` answers. */
    loggedIn: boolean;
    /** Name and state of the subscription. */
    subscription?: { name: string; state: string };
    /** Whether `kubelogin` is on PATH. */
    hasKubelogin: boolean;
    /** Names of the account's roles on the subscription or the existing resource group, including those from groups. */
    roles?: string[];
    /** Whether the logged-in account is a member of the administrators' group. */
    isAdministrator?: boolean;
    /** Registered resource providers. */
    registeredProviders?: string[];
    /** Minor versions of Kubernetes that the region offers. */
    kubernetesVersions?: string[];
    /**
     * Revisions of the Istio add-on that the region offers, each with the minor versions of Kubernetes that it
     * supports.
     */
    addonRevisions?: Record<string, string[]>;
    /** Virtual machine sizes, by name. */
    sizes?: Record<string, SizeFacts>;
    /** Remaining vCPUs, by family in lower case. `cores` is the region's total. */
    freeVCpus?: Record<string, number>;
}

/** Requirements of an environment. */
export interface AzureNeeds {
    location: string;
    /** Existing resource group. Undefined if the update creates one. */
    resourceGroupName?: string;
    /** Group whose members administer the cluster. */
    adminGroup?: string;
    /** Whether a lock is put on the public prefix. */
    hasDeleteLock?: boolean;
    kubernetesVersion: string;
    addonRevision?: string;
    /** Whether the cluster has the Azure Policy add-on. */
    hasAzurePolicy?: boolean;
    /** Whether Azure's managed Prometheus reads the cluster's metrics. */
    hasManagedPrometheus?: boolean;
    /** Pools at their maximum size, and single machines. */
    pools: PoolNeeds[];
}

export interface PoolNeeds {
    vmSize: string;
    maxNodes: number;
    zones: string[];
    /** Number of nodes that an upgrade adds. */
    surge: number;
}

/** A missing requirement, and the command that provides it. */
export interface MissingPrerequisite {
    what: string;
    fix: string;
}

/** All missing requirements that would make the first update fail part-way. */
export function missingPrerequisites(needs: AzureNeeds, state: AzureState): MissingPrerequisite[] {
    if (!state.loggedIn) {
        return [{ what: "No account is logged in to Azure", fix: "az login" }];
    }
    return [
        ...missingAccess(needs, state),
        ...providersOf(needs)
            .filter((name) => state.registeredProviders?.includes(name) === false)
            .map((name) => ({
                what: `The resource provider ${name} is not registered`,
                fix: `az provider register --wait --namespace ${name}`,
            })),
        ...missingVersions(needs, state),
        ...missingSizes(needs, state),
        ...missingQuota(needs, state),
    ];
}

function providersOf({ hasManagedPrometheus = false, hasAzurePolicy = false }: AzureNeeds): string[] {
    return [
        ...RESOURCE_PROVIDERS,
        ...(hasAzurePolicy ? [POLICY_PROVIDER] : []),
        ...(hasManagedPrometheus ? PROMETHEUS_PROVIDERS : []),
    ];
}

/** Where the account needs its roles. */
export function roleScope({ resourceGroupName }: Pick<AzureNeeds, "resourceGroupName">, subscription: string): string {
    const inGroup = resourceGroupName === undefined ? "" : `/resourceGroups/${resourceGroupName}`;
    return `/subscriptions/${subscription}${inGroup}`;
}

function missingAccess(
    { adminGroup, resourceGroupName, hasDeleteLock = false }: AzureNeeds,
    { subscription, hasKubelogin, roles, isAdministrator }: AzureState,
): MissingPrerequisite[] {
    const missing: MissingPrerequisite[] = [];
    if (subscription && subscription.state !== "Enabled") {
        missing.push({
            what: `The subscription ${subscription.name} is ${subscription.state}, and accepts no new resources`,
            fix: "az account set --subscription <name>",
        });
    }
    if (!hasKubelogin) {
        missing.push({ what: "kubelogin is not on PATH", fix: "az aks install-cli" });
    }
    const has = (...names: string[]) => roles === undefined || names.some((name) => roles.includes(name));
    const lacks = (role: string) => {
        const where = resourceGroupName === undefined ? "the subscription" : `the resource group ${resourceGroupName}`;
        const scope = roleScope({ resourceGroupName }, "<id>");
        missing.push({
            what: `The role ${role} on ${where} is missing`,
            fix: `az role assignment create --assignee <who deploys> --role "${role}" --scope ${scope}`,
        });
    };
    if (!has("Owner", "Contributor")) {
        lacks("Contributor");
    }
    if (!has("Owner", "Role Based Access Control Administrator", "User Access Administrator")) {
        lacks("Role Based Access Control Administrator");
    }
    // The other two do not have Microsoft.Authorization/locks/* (lock-resources.md of MicrosoftDocs/azure-docs).
    if (hasDeleteLock && !has("Owner", "User Access Administrator", "Locks Contributor")) {
        lacks("Locks Contributor");
    }
    if (isAdministrator === false) {
        missing.push({
            what: `The logged-in account is not a member of the group ${adminGroup ?? ""} that administers the cluster`,
            fix: `az ad group member add --group ${adminGroup ?? ""} --member-id <object id of who deploys>`,
        });
    }
    return missing;
}

function missingVersions(
    { location, kubernetesVersion, addonRevision }: AzureNeeds,
    { kubernetesVersions, addonRevisions }: AzureState,
): MissingPrerequisite[] {
    const minor = kubernetesVersion.split(".").slice(0, 2).join(".");
    const missing: MissingPrerequisite[] = [];
    if (kubernetesVersions?.includes(minor) === false) {
        missing.push({
            what: `${location} does not offer Kubernetes ${minor}; it offers ${kubernetesVersions.join(", ")}`,
            fix: `az aks get-versions --location ${location} --output table`,
        });
    }
    if (addonRevision !== undefined && addonRevisions !== undefined) {
        const runsOn = addonRevisions[addonRevision];
        const fix = `az aks mesh get-revisions --location ${location} --output table`;
        if (runsOn === undefined) {
            missing.push({ what: `${location} does not offer ${addonRevision} of the Istio add-on`, fix });
        } else if (!runsOn.includes(minor)) {
            missing.push({ what: `${addonRevision} of the Istio add-on does not run on Kubernetes ${minor}`, fix });
        }
    }
    return missing;
}

function missingSizes({ location, pools }: AzureNeeds, { sizes }: AzureState): MissingPrerequisite[] {
    if (sizes === undefined) {
        return [];
    }
    return distinct(pools.map(({ vmSize }) => vmSize)).flatMap((vmSize): MissingPrerequisite[] => {
        const facts = sizes[vmSize];
        const fix = `az vm list-skus --location ${location} --resource-type virtualMachines --size ${vmSize} --output table`;
        if (facts === undefined) {
            return [{ what: `${location} has no virtual machines of size ${vmSize}`, fix }];
        }
        if (facts.restriction !== undefined) {
            return [{ what: `The subscription cannot use ${vmSize} in ${location} (${facts.restriction})`, fix }];
        }
        const wanted = distinct(pools.filter((pool) => pool.vmSize === vmSize).flatMap(({ zones }) => zones));
        const absent = wanted.filter((zone) => !facts.zones.includes(zone));
        return absent.length === 0
            ? []
            : [
                  {
                      what: `${location} has ${vmSize} in ${facts.zones.length === 0 ? "no zones" : `zones ${facts.zones.join(", ")}`}, but a pool needs it in ${absent.join(", ")}`,
                      fix,
                  },
              ];
    });
}

function missingQuota(needs: AzureNeeds, { sizes = {}, freeVCpus }: AzureState): MissingPrerequisite[] {
    if (freeVCpus === undefined) {
        return [];
    }
    return Object.entries(neededVCpus(needs.pools, sizes)).flatMap(([family, needed]) => {
        const free = freeVCpus[family] ?? 0;
        const counted = family === "cores" ? "in all" : `of family ${family}`;
        return free >= needed
            ? []
            : [
                  {
                      what: `${needs.location} has ${free} vCPUs left ${counted}, but the environment needs up to ${needed} during an upgrade`,
                      fix: `az vm list-usage --location ${needs.location} --output table, and ask for a higher quota in the portal`,
                  },
              ];
    });
}

/** vCPUs of all pools at their maximum size during an upgrade, by family and in total as `cores`. */
export function neededVCpus(pools: PoolNeeds[], sizes: Record<string, SizeFacts>): Record<string, number> {
    const needed: Record<string, number> = {};
    for (const { vmSize, maxNodes, surge } of pools) {
        const facts = sizes[vmSize];
        for (const name of facts ? [facts.family.toLowerCase(), "cores"] : []) {
            needed[name] = (needed[name] ?? 0) + (maxNodes + surge) * facts.vCpus;
        }
    }
    return needed;
}

function distinct(values: string[]): string[] {
    return [...new Set(values)];
}
