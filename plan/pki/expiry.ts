import type { X509Certificate } from "node:crypto";

const HOUR = 3_600_000;
/** A month ahead there is time to renew in peace. */
const WARNING_HOURS = 30 * 24;
/** A week ahead whoever should have renewed it has overlooked it. */
const LAST_HOURS = 7 * 24;

/** From when to when a certificate is valid. */
export interface Life {
    notBefore: Date;
    notAfter: Date;
}

export function readLife(certificate: X509Certificate): Life {
    return { notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
}

/** The moment to warn from: 30 days ahead, or for the last third of a short life. */
export function warningFrom(life: Life): Date {
    return before(life, Math.min(WARNING_HOURS, hours(life) / 3));
}

/** The moment from which it is an error: as many hours ahead as asked for, else 7 days or the last tenth of a short life. */
export function lastHoursFrom(life: Life, renewalHours = Math.min(LAST_HOURS, hours(life) / 10)): Date {
    return before(life, renewalHours);
}

/** A sentence about a certificate that ends soon; none as long as it does not. */
export function warnOfExpiry(what: string, life: Life, now: Date): string[] {
    if (now < warningFrom(life)) {
        return [];
    }
    const days = Math.floor((life.notAfter.getTime() - now.getTime()) / (24 * HOUR));
    return [`${what} expires at ${life.notAfter.toISOString()}, in ${days} days: renew it`];
}

function hours({ notBefore, notAfter }: Life): number {
    return (notAfter.getTime() - notBefore.getTime()) / HOUR;
}

function before({ notAfter }: Life, hoursBefore: number): Date {
    return new Date(notAfter.getTime() - hoursBefore * HOUR);
}
