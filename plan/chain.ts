import { refuseHosts } from "./host";
import { refuseLabel } from "./names";
import { Refusal } from "./refusal";
import { refuseWholeNumber } from "./wholeNumber";

/** How long a certificate is valid and how long before its end it is renewed, both in hours. */
export interface Lifetime {
    validityHours: number;
    renewalHours: number;
}

export interface Lifetimes {
    root: Lifetime;
    intermediate: Lifetime;
    leaf: Lifetime;
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

export interface ChainRequest {
    /** DNS names of the server certificate; without them none is made. */
    serverHosts?: string[];
    /** Names of the client certificates. */
    clients: string[];
    lifetimes: Lifetimes;
}

export function refuseChain(chain: ChainRequest): Refusal[] {
    return [
        // A chain without a server is one for clients alone: the partner has its own.
        ...(chain.serverHosts ? refuseHosts("serverHosts", chain.serverHosts) : []),
        ...refuseClients(chain.clients),
        ...refuseLifetimes(chain.lifetimes),
    ];
}

function refuseClients(clients: string[]): Refusal[] {
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
        return refuseLabel(path, client, "a client certificate");
    });
}

function refuseLifetimes(lifetimes: Lifetimes): Refusal[] {
    const levels = ["root", "intermediate", "leaf"] as const;
    const own = levels.flatMap((level) => refuseLifetime(level, lifetimes[level]));
    if (own.length > 0) {
        return own;
    }
    return levels.slice(1).flatMap((level, index) => {
        const issuer = levels[index];
        const { validityHours } = lifetimes[level];
        const window = lifetimes[issuer].renewalHours;
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

function refuseLifetime(level: string, { validityHours, renewalHours }: Lifetime): Refusal[] {
    const refusals = [
        ...refuseWholeNumber(`${level}.validityHours`, validityHours, "is no number of hours"),
        ...refuseWholeNumber(`${level}.renewalHours`, renewalHours, "is no number of hours"),
    ];
    if (refusals.length === 0 && renewalHours >= validityHours) {
        refusals.push({
            path: `${level}.renewalHours`,
            value: renewalHours,
            problem: `is not shorter than the validity (${validityHours} hours), so every update would renew the certificate`,
            expected: `less than ${level}.validityHours`,
            fix: `Choose a window below ${validityHours} hours; a third of it is usual`,
        });
    }
    return refusals;
}
