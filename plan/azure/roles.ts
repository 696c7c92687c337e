/**
 * Azure's built-in roles, with their global ids (built-in-roles in Microsoft's documentation of role-based access; each
 * was also found in public templates).
 */
const ROLES = {
    networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
    acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
    privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    aksClusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
    keyVaultContributor: "f25e0fa2-a7c8-4377-a976-54943a77a395",
    keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
};
export type RoleName = keyof typeof ROLES;

export function roleDefinitionId(role: RoleName): string {
    return `/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;
}
