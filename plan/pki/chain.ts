import { KeyAlgorithm } from "./keyAlgorithm";
import { validateHosts } from "../shared/host";
import { validateLabel } from "../shared/names";
import { Violation } from "../shared/violation";
import { RevokedCertificate, validateRevocations } from "./revocation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** Validity and renewal window of a certificate. */
export interface CertificateLifetime {
    /** Hours from issue to expiry. */
    validityHours: number;
    /** Hours before expiry in which an update issues a new one. Must be less than `validityHours`. */
    renewalHours: number;
}

/** Options of a chain that must be plain values, because they decide which certificates are created. */
export interface CertificateChainOptions {
    /** Algorithm of every key. Default: `ecdsaP256`. */
    keyAlgorithm?: KeyAlgorithm;
    /**
     * Lifetime of the root. Default: 10 years, renewed 3 years before the end.
     *
     * @example { validityHours: 87600, renewalHours: 26280 }
     */
    root?: CertificateLifetime;
    /**
     * Lifetime of the intermediate, at most as long as the root's renewal window. Default: 3 years, renewed 1 year
     * before the end.
     *
     * @example { validityHours: 26280, renewalHours: 8760 }
     */
    intermediate?: CertificateLifetime;
    /**
     * Lifetime of server and client certificates, at most as long as the intermediate's renewal window. Default: 90
     * days, renewed 30 days before the end.
     *
     * @example { validityHours: 2160, renewalHours: 720 }
     */
    leaf?: CertificateLifetime;
    /**
     * Trusted generations of root and intermediate. The first one issues. Add the next number at the front, `[2, 1]`,
     * to rotate both to new keys; later, `[2]` ends the trust in the old ones. A change that keeps one generation loses
     * no calls. Default: `[1]`.
     *
     * @example [2, 1]
     */
    generations?: number[];
    /**
     * Revoked server and client certificates. An empty list creates empty revocation lists. To revoke an authority,
     * remove it from `generations`. Default: no revocation lists.
     *
     * @example [{ serial: "3a0f5c", revokedAt: "2026-02-28T09:00:00Z" }]
     */
    revoked?: RevokedCertificate[];
}

/** Organisation in the subjects of certificates, where `organization` is left out. */
export const DEFAULT_ORGANIZATION = "mesh-egress";

export interface Lifetimes {
    root: CertificateLifetime;
    intermediate: CertificateLifetime;
    leaf: CertificateLifetime;
}

const DAY = 24;
const YEAR = 365 * DAY;

/**
 * A certificate is issued before its issuer's renewal window starts at the latest. If that window is at least as long
 * as the certificate's validity, no certificate outlives its issuer.
 */
export const DEFAULT_LIFETIMES: Lifetimes = {
    root: { validityHours: 10 * YEAR, renewalHours: 3 * YEAR },
    intermediate: { validityHours: 3 * YEAR, renewalHours: YEAR },
    leaf: { validityHours: 90 * DAY, renewalHours: 30 * DAY },
};

export interface ChainOptions {
    /** Trusted generations of root and intermediate. The first one issues. */
    generations: number[];
    /** DNS names of the server certificate. Without names, none is created. */
    serverHosts?: string[];
    /** Names of the client certificates. */
    clients: string[];
    /** Revoked server and client certificates. */
    revoked: RevokedCertificate[];
    lifetimes: Lifetimes;
}

export function validateChain(chain: ChainOptions, now = new Date()): Violation[] {
    return [
        ...validateGenerations(chain.generations),
        // A chain without a server is for clients only: the partner has its own.
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
                expected: "the generation that issues, and during a rotation one more that is trusted",
                fix: "Keep the one that issues now, and rotate one generation at a time",
            },
        ];
    }
    const counted = generations.flatMap((generation, index) =>
        validateWholeNumber(`${path}[${index}]`, generation, "is not a generation number"),
    );
    if (counted.length === 0 && generations[0] === generations[1]) {
        counted.push({
            path: `${path}[1]`,
            value: generations[1],
            problem: "is the same as generations[0]",
            expected: "another generation",
            fix: "Remove it. To rotate, add the next number at the front",
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
                    problem: `is the same as clients[${clients.indexOf(client)}].name`,
                    expected: "each client once",
                    fix: "Remove or rename one of the two",
                },
            ];
        }
        return validateLabel(path, client, "a client certificate");
    });
}

/** Checks each lifetime, and that no certificate outlives its issuer. */
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
        ...validateWholeNumber(`${level}.validityHours`, validityHours, "is not a number of hours"),
        ...validateWholeNumber(`${level}.renewalHours`, renewalHours, "is not a number of hours"),
    ];
    if (violations.length === 0 && renewalHours >= validityHours) {
        violations.push({
            path: `${level}.renewalHours`,
            value: renewalHours,
            problem: `is not shorter than the validity (${validityHours} hours), so every update would renew the certificate`,
            expected: `less than ${level}.validityHours`,
            fix: `Choose less than ${validityHours} hours; a third of the validity is usual`,
        });
    }
    return violations;
}
