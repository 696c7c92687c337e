/**
 * Certificates of a chain's authorities, and where each is delivered.
 *
 * A generation is a root and an intermediate with their own keys. All listed generations are trusted, and the first one
 * issues. Each other generation cross-signs the root of the first, so its certificates verify against any of them. A
 * change of the list that keeps one generation can therefore reach clients and servers in any order.
 */
export interface CertificateAuthority {
    /** Unique in the chain. */
    name: string;
    /** Name of its key. Several certificates can share a key. */
    key: string;
    commonName: string;
    /** Name of the authority that signs it. Undefined for a self-signed one. */
    issuer?: string;
    /** Maximum number of authorities between it and an end certificate. */
    maxPathLength: number;
    lifetime: "root" | "intermediate";
}

export interface Authorities {
    /** Authorities, each after its issuer. */
    all: CertificateAuthority[];
    /** Name of the authority that issues to servers and clients. */
    issuing: string;
    /** Certificates that are delivered with an end certificate, starting with its issuer. */
    presented: string[];
    /** Certificates against which the other side is verified. */
    trusted: string[];
}

/** `chain` is the display name of the chain: the prefix of each common name. */
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
    // It may issue its intermediate, and the root of another generation that it cross-signs.
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
