import { Violation } from "../shared/violation";

/** A server or client certificate that must no longer be trusted, although it has not expired. */
export interface RevokedCertificate {
    /**
     * Its serial number in hexadecimal, as in the output `certificates`.
     *
     * @example "3a0f5c"
     */
    serial: string;
    /**
     * Time at which its key was compromised, in ISO 8601. Must not be in the future.
     *
     * @example "2026-02-28T09:00:00Z"
     */
    revokedAt: string;
}

const SERIAL = /^(?:[0-9a-f]{2}:?)+$/i;

export function validateRevocations(revoked: RevokedCertificate[], now: Date): Violation[] {
    return revoked.flatMap(({ serial, revokedAt }, index) => {
        const path = `revoked[${index}]`;
        const moment = new Date(revokedAt);
        const violations: Violation[] = [];
        if (!SERIAL.test(serial)) {
            violations.push({
                path: `${path}.serial`,
                value: serial,
                problem: "is not a serial number",
                expected: "pairs of hexadecimal digits, as in the output certificates",
                fix: "Copy it from npm run certs, or from openssl x509 -serial",
            });
        }
        if (Number.isNaN(moment.getTime()) || moment > now) {
            const isFuture = moment > now;
            violations.push({
                path: `${path}.revokedAt`,
                value: revokedAt,
                problem: isFuture ? "is in the future, so the revocation list would not be valid yet" : "is not a date",
                expected: "a time in the past, such as 2026-02-28T09:00:00Z",
                fix: "Write the time at which the key was compromised",
            });
        }
        return violations;
    });
}
