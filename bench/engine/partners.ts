/** A partner with its hosts, as a route has them. */
export interface Partner {
    name: string;
    hosts: string[];
}

export const HOSTS_PER_PARTNER = 10;

/** So many hosts, in groups of ten. */
export function partners(hosts: number): Partner[] {
    return Array.from({ length: Math.ceil(hosts / HOSTS_PER_PARTNER) }, (_, index) => {
        const name = `partner-${String(index).padStart(4, "0")}`;
        const own = Math.min(HOSTS_PER_PARTNER, hosts - index * HOSTS_PER_PARTNER);
        return { name, hosts: Array.from({ length: own }, (_, host) => `api-${host}.${name}.example`) };
    });
}
