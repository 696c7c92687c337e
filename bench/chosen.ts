/** Those of these names; `unnamed` where there are none. */
export function chosenByName<T extends { name: string }>(kind: string, names: string[], all: T[], unnamed = all): T[] {
    const unknown = names.filter((name) => !all.some((one) => one.name === name));
    if (unknown.length > 0) {
        const known = all.map(({ name }) => name).join(", ");
        throw new Error(
            `There is no ${kind} ${unknown.map((name) => JSON.stringify(name)).join(", ")}. The ${kind}s are ${known}.`,
        );
    }
    return names.length === 0 ? unnamed : all.filter(({ name }) => names.includes(name));
}
