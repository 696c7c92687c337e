/** Tells the hosts of a group apart. A host by itself needs no match: the VirtualService binds no other. */
export function authorityMatch(hosts: string[], host: string): { authority?: { regex: string } } {
    if (hosts.length === 1) {
        return {};
    }
    return { authority: { regex: `(?i)${host.replaceAll(".", "\\.")}(:[0-9]+)?` } };
}
