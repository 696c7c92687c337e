import { X509Certificate } from "node:crypto";

const HOUR = 3_600_000;
/** Days of warning before an expiry: enough time to renew. */
const WARNING_HOURS = 30 * 24;
/** Days before an expiry from which it is an error: the renewal was missed. */
const LAST_HOURS = 7 * 24;

/** Validity period of a certificate. */
export interface Life {
    notBefore: Date;
    notAfter: Date;
}

export function readLife(certificate: X509Certificate): Life {
    return { notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
}

/** Time from which to warn: 30 days before expiry, or the last third of a short validity. */
export function warningFrom(life: Life): Date {
    return before(life, Math.min(WARNING_HOURS, hours(life) / 3));
}

/**
 * Time from which it is an error: the given hours before expiry, or by default 7 days or the last tenth of a short
 * validity.
 */
export function lastHoursFrom(life: Life, renewalHours = Math.min(LAST_HOURS, hours(life) / 10)): Date {
    return before(life, renewalHours);
}

/** Warning about a certificate that expires soon. Empty for other certificates. */
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
