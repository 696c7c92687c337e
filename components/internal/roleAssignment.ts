import * as pulumi from "@pulumi/pulumi";
import { RoleAssignment } from "@pulumi/azure-native/authorization";
import { authorization } from "./azureNative";
import { RoleName, roleDefinitionId } from "../../plan/azure/roles";

/** Gives a managed identity a role on one resource. */
export function identityRole(
    name: string,
    role: RoleName,
    args: { principalId: pulumi.Input<string>; scope: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    // Entra ID may not know a new identity yet. With the principal type, Azure does not look it up.
    const principalType = authorization.PrincipalType.ServicePrincipal;
    return new authorization.RoleAssignment(
        name,
        { ...args, principalType, roleDefinitionId: roleDefinitionId(role) },
        opts,
    );
}
