import { KeyAlgorithm } from "./keyAlgorithm";
import { validateHosts } from "../shared/host";
import { validateLabel } from "../shared/names";
import { Violation } from "../shared/violation";
import { RevokedCertificate, validateRevocations } from "./revocation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** How long a certificate is valid and when it is renewed. */
export interface CertificateLifetime {
    /** Hours from issue to expiry. */
    validityHours: number;
    /** Hours before expiry from which the next update issues a new one. Less than `validityHours`. */
    renewalHours: number;
}

/** Options of a chain that are plain values, because they decide which certificates there are. */
export interface CertificateChainOptions {
    /** Algorithm of every key. Default: `ecdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /** Lifetime of the root. Default: 10 years, renewed 3 years before the end. */
    root?: CertificateLifetime;
    /** Lifetime of the intermediate; at most as long as the root's renewal window. Default: 3 years, 1 year. */
    intermediate?: CertificateLifetime;
    /** Lifetime of server and client certificates; at most the intermediate's renewal window. Default: 90 days, 30 days. */
    leaf?: CertificateLifetime;
    /**
     * The generations of root and intermediate that are trusted; the first one issues. Putting the next number in front,
     * `[2, 1]`, rotates both to new keys; later `[2]` ends the trust in the old ones. A change that keeps one generation
     * can lose no call. Default: `[1]`.
     */
    generations?: number[];
    /**
     * The server and client certificates that are revoked; an empty list makes lists that are empty. An authority is not
     * revoked but left out of `generations`. Default: no revocation lists.
     */
    revoked?: RevokedCertificate[];
}

export interface Lifetimes {
    root: CertificateLifetime;
    intermediate: CertificateLifetime;
    leaf: CertificateLifetime;
}

const DAY = 24;
const YEAR = 365 * DAY;

/**
 * A certificate is issued at the latest when its issuer's renewal window opens, so an issuer's window as long as what
 * it issues is valid means that nothing ever outlives its issuer.
 */
export const DEFAULT_LIFETIMES: Lifetimes = {
    root: { validityHours: 10 * YEAR, renewalHours: 3 * YEAR },
    intermediate: { validityHours: 3 * YEAR, renewalHours: YEAR },
    leaf: { validityHours: 90 * DAY, renewalHours: 30 * DAY },
};

export interface ChainOptions {
    /** Generations of root and intermediate that are trusted; the first one issues. */
    generations: number[];
    /** DNS names of the server certificate; without them none is made. */
    serverHosts?: string[];
    /** Names of the client certificates. */
    clients: string[];
    /** Server and client certificates that are revoked. */
    revoked: RevokedCertificate[];
    lifetimes: Lifetimes;
}

export function validateChain(chain: ChainOptions, now = new Date()): Violation[] {
    return [
        ...validateGenerations(chain.generations),
        // A chain without a server is one for clients alone: the partner has its own.
        ...(chain.serverHosts ? validateHosts("serverHosts", chain.serverHosts) : []),
        ...validateClients(chain.clients),
        ...validateRevocations(chain.revoked, now),
        ...validateLifetimes(chain.lifetimes),
    ];
}

function validateGenerations(generations: number[]): Violation[] {
    const path = "generations";
    if (generations.length < 1 || generations.length > 2) {
        return [
            {
                path,
                problem: `has ${generations.length} generations`,
                expected: "the generation that issues, and during a rotation the one that is still or already trusted",
                fix: "Keep the one that issues now, and rotate to another one at a time",
            },
        ];
    }
    const counted = generations.flatMap((generation, index) =>
        validateWholeNumber(`${path}[${index}]`, generation, "is no number of a generation"),
    );
    if (counted.length === 0 && generations[0] === generations[1]) {
        counted.push({
            path: `${path}[1]`,
            value: generations[1],
            problem: "is already the generation that issues",
            expected: "another generation",
            fix: "Remove it; to rotate, put the next number in front",
        });
    }
    return counted;
}

export function validateClients(clients: string[]): Violation[] {
    return clients.flatMap((client, index) => {
        const path = `clients[${index}].name`;
        if (clients.indexOf(client) !== index) {
            return [
                {
                    path,
                    value: client,
                    problem: `is already clients[${clients.indexOf(client)}].name`,
                    expected: "each client once",
                    fix: "Remove or rename one of the two",
                },
            ];
        }
        return validateLabel(path, client, "a client certificate");
    });
}

/** Judges each lifetime, and that none outlives that of the level above it, which issues it. */
export function validateLifetimes(lifetimes: Partial<Lifetimes>): Violation[] {
    const levels = (["root", "intermediate", "leaf"] as const).flatMap((level) => {
        const lifetime = lifetimes[level];
        return lifetime ? [{ level, ...lifetime }] : [];
    });
    const own = levels.flatMap(({ level, ...lifetime }) => validateLifetime(level, lifetime));
    if (own.length > 0) {
        return own;
    }
    return levels.slice(1).flatMap(({ level, validityHours }, index) => {
        const { level: issuer, renewalHours: window } = levels[index];
        return validityHours <= window
            ? []
            : [
                  {
                      path: `${level}.validityHours`,
                      value: validityHours,
                      problem: `is longer than the renewal window of the ${issuer} that issues it, so it could outlive its issuer`,
                      expected: `at most ${issuer}.renewalHours (${window})`,
                      fix: `Lower ${level}.validityHours or raise ${issuer}.renewalHours`,
                  },
              ];
    });
}

function validateLifetime(level: string, { validityHours, renewalHours }: CertificateLifetime): Violation[] {
    const violations = [
        ...validateWholeNumber(`${level}.validityHours`, validityHours, "is no number of hours"),
        ...validateWholeNumber(`${level}.renewalHours`, renewalHours, "is no number of hours"),
    ];
    if (violations.length === 0 && renewalHours >= validityHours) {
        violations.push({
            path: `${level}.renewalHours`,
            value: renewalHours,
            problem: `is not shorter than the validity (${validityHours} hours), so every update would renew the certificate`,
            expected: `less than ${level}.validityHours`,
            fix: `Choose a window below ${validityHours} hours; a third of it is usual`,
        });
    }
    return violations;
}
