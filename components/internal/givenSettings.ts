/** Names of what was set; an empty list sets nothing. */
export function givenSettings(args: object): string[] {
    return Object.entries(args)
        .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
        .map(([key]) => key);
}
