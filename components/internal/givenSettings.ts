/** Names of the settings that are set. An empty list counts as not set. */
export function givenSettings(args: object): string[] {
    return Object.entries(args)
        .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
        .map(([key]) => key);
}
