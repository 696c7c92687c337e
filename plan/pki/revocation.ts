import { Violation } from "../shared/violation";

/** A server or client certificate that is no longer to be trusted, though it has not expired. */
export interface RevokedCertificate {
    /** Its serial number in hexadecimal, as the output `certificates` has it. */
    serial: string;
    /** When its key was lost, in ISO 8601; not in the future. */
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
                problem: "is no serial number",
                expected: "pairs of hexadecimal digits, as the output certificates has them",
                fix: "Copy it from npm run certs, or from openssl x509 -serial",
            });
        }
        if (Number.isNaN(moment.getTime()) || moment > now) {
            const isFuture = moment > now;
            violations.push({
                path: `${path}.revokedAt`,
                value: revokedAt,
                problem: isFuture ? "is in the future, and so would be the whole list" : "is no date",
                expected: "a moment in the past, such as 2026-02-28T09:00:00Z",
                fix: "Write the moment at which the key was lost",
            });
        }
        return violations;
    });
}
