import { Violation, under } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { ResolvedCluster } from "./resolvedCluster";
import { ApiServerAccess, AutoscalerOptions, EtcdKey, ServerFqdn } from "./clusterOptions";
import { validateManagedPrometheus } from "./managedPrometheus";
import { parseResourceId, validateResourceId } from "./resourceId";

type Features = Pick<
    ResolvedCluster,
    | "access"
    | "serverFqdn"
    | "privateDnsZoneId"
    | "imageCleanerHours"
    | "maxSurge"
    | "azurePolicy"
    | "defender"
    | "etcdKey"
    | "managedPrometheus"
    | "autoscaler"
>;

/** Refuses options of a cluster's name and add-ons that Azure would refuse or that have no effect. */
export function validateClusterFeatures({
    access,
    serverFqdn,
    privateDnsZoneId,
    imageCleanerHours,
    maxSurge,
    etcdKey,
    autoscaler,
    managedPrometheus,
}: Features): Violation[] {
    return [
        ...(etcdKey ? under("etcdKey", validateEtcdKey(etcdKey)) : []),
        ...(autoscaler ? under("autoscaler", validateAutoscaler(autoscaler)) : []),
        ...(managedPrometheus ? under("managedPrometheus", validateManagedPrometheus(managedPrometheus)) : []),
        ...(privateDnsZoneId === undefined ? [] : validateDnsZone(access, privateDnsZoneId)),
        ...(access !== ApiServerAccess.Private && serverFqdn === ServerFqdn.Private && privateDnsZoneId === undefined
            ? [onlyPrivate("serverFqdn", access)]
            : []),
        ...validateWholeNumber("imageCleanerHours", imageCleanerHours, "is not an interval that AKS accepts", {
            least: 24,
            most: 2160,
        }),
        ...(/^([1-9]\d?%|100%|[1-9]\d{0,2})$/.test(maxSurge)
            ? []
            : [
                  {
                      path: "maxSurge",
                      value: maxSurge,
                      problem: "is neither a number of nodes nor a percentage",
                      expected: 'a whole number such as "2", or 1% to 100%',
                      fix: 'Set it to "33%", or remove it',
                  },
              ]),
    ];
}

function validateEtcdKey({ keyId, keyVaultId }: EtcdKey): Violation[] {
    const [, vault] = /^https:\/\/([a-z0-9-]+)\.vault\.[a-z.]+\/keys\/[0-9a-z-]+\/[0-9a-f]{32}$/i.exec(keyId) ?? [];
    const named = parseResourceId("keyVault", keyVaultId)?.names[0];
    return [
        ...(vault === undefined
            ? [
                  {
                      path: "keyId",
                      value: keyId,
                      problem: "is not the id of a version of a key",
                      expected: "https://<vault>.vault.azure.net/keys/<name>/<version>",
                      fix: "Set it to the output of: az keyvault key show --vault-name <vault> --name <name> --query key.kid --output tsv",
                  },
              ]
            : []),
        ...validateResourceId("keyVault", "keyVaultId", keyVaultId),
        ...(vault !== undefined && named !== undefined && vault.toLowerCase() !== named.toLowerCase()
            ? [
                  {
                      path: "keyVaultId",
                      value: keyVaultId,
                      problem: `is not the vault of keyId, which is ${vault}, so the cluster could not use the key`,
                      expected: `the id of ${vault}`,
                      fix: `Set it to the output of: az keyvault show --name ${vault} --query id --output tsv`,
                  },
              ]
            : []),
    ];
}

function validateAutoscaler({
    scaleDownUnneededMinutes,
    maxGracefulTerminationSeconds,
}: AutoscalerOptions): Violation[] {
    return [
        ...(scaleDownUnneededMinutes === undefined
            ? []
            : validateWholeNumber("scaleDownUnneededMinutes", scaleDownUnneededMinutes, "is not a number of minutes", {
                  most: 1440,
              })),
        ...(maxGracefulTerminationSeconds === undefined
            ? []
            : validateWholeNumber(
                  "maxGracefulTerminationSeconds",
                  maxGracefulTerminationSeconds,
                  "is not a number of seconds",
                  { least: 0, most: 3600 },
              )),
    ];
}

function validateDnsZone(access: ApiServerAccess, id: string): Violation[] {
    const path = "privateDnsZoneId";
    return access === ApiServerAccess.Private
        ? validateResourceId("privateDnsZone", path, id)
        : [onlyPrivate(path, access)];
}

function onlyPrivate(path: string, access: ApiServerAccess): Violation {
    return {
        path,
        problem: `has no effect, because access is ${access}`,
        expected: "access: private",
        fix: `Remove ${path}, or set access to private`,
    };
}

/** ARM's profiles of the add-ons, by the workspace that logs go to. */
export function addonProfiles<T>({ azurePolicy }: Features, workspaceId: T) {
    return {
        omsagent: {
            enabled: true,
            config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" },
        },
        azurepolicy: { enabled: azurePolicy },
    };
}

/** ARM's profile of the cluster autoscaler, whose numbers and switches are texts; undefined leaves it to AKS. */
export function autoScalerProfile({ autoscaler }: Pick<Features, "autoscaler">) {
    if (autoscaler === undefined) {
        return undefined;
    }
    const { expander, balanceSimilarNodeGroups, skipNodesWithSystemPods } = autoscaler;
    const { scaleDownUnneededMinutes, maxGracefulTerminationSeconds } = autoscaler;
    return {
        ...(expander && { expander }),
        ...(balanceSimilarNodeGroups !== undefined && { balanceSimilarNodeGroups: String(balanceSimilarNodeGroups) }),
        ...(skipNodesWithSystemPods !== undefined && { skipNodesWithSystemPods: String(skipNodesWithSystemPods) }),
        ...(scaleDownUnneededMinutes !== undefined && { scaleDownUnneededTime: `${scaleDownUnneededMinutes}m` }),
        ...(maxGracefulTerminationSeconds !== undefined && {
            maxGracefulTerminationSec: String(maxGracefulTerminationSeconds),
        }),
    };
}

/** ARM's security profile, by the workspace that Defender writes to. */
export function securityProfile<T>({ defender, imageCleanerHours, etcdKey }: Features, workspaceId: T) {
    return {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true, intervalHours: imageCleanerHours },
        // articles/aks/use-kms-etcd-encryption.md of MicrosoftDocs/azure-aks-docs.
        ...(etcdKey && {
            azureKeyVaultKms: {
                enabled: true,
                keyId: etcdKey.keyId,
                ...(etcdKey.privateVault
                    ? { keyVaultNetworkAccess: "Private", keyVaultResourceId: etcdKey.keyVaultId }
                    : { keyVaultNetworkAccess: "Public" }),
            },
        }),
        ...(defender && {
            defender: { logAnalyticsWorkspaceResourceId: workspaceId, securityMonitoring: { enabled: true } },
        }),
    };
}
