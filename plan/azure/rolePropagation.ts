/*
 * A role that was just given is not in force everywhere at once, and no API of Azure says when it is. AKS asks for the roles of a
 * cluster's identity before it makes anything, so to try again is to wait. The codes: `CustomKubeletIdentityMissingPermissionError`,
 * which azure-service-operator retries for the same reason (isRetryableClusterError in v2/api/containerservice/customizations of
 * Azure/azure-service-operator), and its kin for route tables and DNS zones (error codes of AKS's resource provider).
 */
const MISSING = /Custom\w+MissingPermission(Error)?|AuthorizationFailed|does not have authorization|ForbiddenByRbac/;
/*
 * The same of the administrators' role in the Kubernetes API: `AccessNotAllowedVerdict` in authz/providers/azure/rbac of
 * kubeguard/guard, which follows the API server's own words.
 */
const FORBIDDEN = /is forbidden: User ".*" cannot |does not have access to the resource in Azure/;
/** Whoever deploys lacks a role: waiting does not help. */
const DEPLOYER = /Microsoft\.ContainerService\/managedClusters\/write/;

/** How long new roles are waited for: ten minutes, as Microsoft's documentation of role-based access says they may take. */
export const ROLE_WAIT = { attempts: 40, pauseSeconds: 15 };

/** Whether to try again what failed with these errors, the newest first. */
export function waitsForRole(errors: string[], { attempts } = ROLE_WAIT): boolean {
    const [newest = ""] = errors;
    return errors.length <= attempts && (MISSING.test(newest) || FORBIDDEN.test(newest)) && !DEPLOYER.test(newest);
}
