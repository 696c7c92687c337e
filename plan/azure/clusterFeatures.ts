import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import type { ResolvedCluster } from "./cluster";
import { ApiServerAccess, ServerFqdn } from "./clusterOptions";
import { validateResourceId } from "./resourceId";

type Features = Pick<
    ResolvedCluster,
    "access" | "serverFqdn" | "privateDnsZoneId" | "imageCleanerHours" | "maxSurge" | "azurePolicy" | "defender"
>;

/** Refuses options of a cluster's name and add-ons that Azure would refuse or that have no effect. */
export function validateClusterFeatures({
    access,
    serverFqdn,
    privateDnsZoneId,
    imageCleanerHours,
    maxSurge,
}: Features): Violation[] {
    return [
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

/** ARM's security profile, by the workspace that Defender writes to. */
export function securityProfile<T>({ defender, imageCleanerHours }: Features, workspaceId: T) {
    return {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true, intervalHours: imageCleanerHours },
        ...(defender && {
            defender: { logAnalyticsWorkspaceResourceId: workspaceId, securityMonitoring: { enabled: true } },
        }),
    };
}
