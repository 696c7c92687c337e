/**
 * The certificates of a chain's authorities, and which of them go where.
 *
 * A generation is a root and an intermediate with keys of their own. All listed ones are trusted, the first one issues,
 * and each other one has signed the root of the first: what is issued is good for whoever trusts any of them. So a
 * change of the list that keeps one generation can reach clients and servers in any order.
 */
export interface CertificateAuthority {
    /** Unique in the chain. */
    name: string;
    /** Name of the key that it has; another certificate may have the same. */
    key: string;
    commonName: string;
    /** Name of the authority that signs it; none signs itself. */
    issuer?: string;
    /** How many authorities may stand between it and what an end uses. */
    maxPathLength: number;
    lifetime: "root" | "intermediate";
}

export interface Authorities {
    /** In an order in which an issuer comes before what it issues. */
    all: CertificateAuthority[];
    /** Name of the one that issues to servers and clients. */
    issuing: string;
    /** What a certificate is delivered with, from its issuer up. */
    presented: string[];
    /** What others' certificates are verified against. */
    trusted: string[];
}

/** `chain` is how people call the chain: the beginning of each common name. */
export function authorities(chain: string, generations: number[]): Authorities {
    const [first, ...others] = generations;
    const roots = generations.map((generation) => root(chain, generation));
    const intermediates = generations.map((generation) => intermediate(chain, generation));
    const vouchers = others.map((other): CertificateAuthority => {
        const { key, commonName } = root(chain, first);
        const issuer = rootName(other);
        return { name: `${key}-by-${other}`, key, commonName, issuer, maxPathLength: 1, lifetime: "intermediate" };
    });
    return {
        all: [...roots, ...vouchers, ...intermediates],
        issuing: intermediates[0].name,
        presented: [intermediates[0], ...vouchers].map(({ name }) => name),
        trusted: generations.flatMap((_, index) => [intermediates[index].name, roots[index].name]),
    };
}

function root(chain: string, generation: number): CertificateAuthority {
    const name = rootName(generation);
    // Below it may stand its intermediate, and the root of another generation that it vouches for.
    return { name, key: name, commonName: `${chain} root ${generation}`, maxPathLength: 2, lifetime: "root" };
}

function intermediate(chain: string, generation: number): CertificateAuthority {
    const name = `intermediate-${generation}`;
    return {
        name,
        key: name,
        commonName: `${chain} intermediate ${generation}`,
        issuer: rootName(generation),
        maxPathLength: 0,
        lifetime: "intermediate",
    };
}

function rootName(generation: number): string {
    return `root-${generation}`;
}
