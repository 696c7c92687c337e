import { X509Certificate } from "node:crypto";
import { fields, text } from "../fields";
import { objectRule } from "../objectRule";
import { RawObject } from "../rawObject";
import { REVIEW_DEFAULTS } from "../reviewContext";

const DAY = 24 * 60 * 60 * 1000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
/** Where Istio and Kubernetes keep certificates, a credential's own and its CAs'. */
const KEYS = ["tls.crt", "cert", "ca.crt", "cacert"];

/** Silent about a certificate that the preview does not know, and about what is none: the API server refuses that. */
export const certificateNearExpiry = objectRule({
    id: "certificate-near-expiry",
    title: "A certificate of a credential expires soon, or has expired.",
    why: "After the expiry, the other side refuses every call.",
    severity: "advisory",
    isFor: (group, kind) => group === "" && kind === "Secret",
    judge: (object, { certificateDays = REVIEW_DEFAULTS.certificateDays, now = new Date() }) =>
        KEYS.flatMap((key) => {
            // A damaged certificate can have a time that is none.
            const times = certificates(object, key).map(({ validTo }) => Date.parse(validTo));
            const ends = times.filter((time) => !Number.isNaN(time));
            const end = Math.min(...ends);
            return end - now.getTime() > certificateDays * DAY
                ? []
                : [
                      {
                          path: `${"stringData" in object && text(fields(object.stringData)[key]) ? "stringData" : "data"}[${JSON.stringify(key)}]`,
                          problem: `${end > now.getTime() ? "expires" : "expired"} on ${new Date(end).toISOString()}`,
                          expected: `a certificate that is valid for more than ${certificateDays} days`,
                          fix: "Renew it",
                      },
                  ];
        }),
});

/** Of the chain too: one that has ended breaks it. */
function certificates(object: RawObject, key: string): X509Certificate[] {
    const encoded = text(fields(object.data)[key]);
    const plain = text(fields(object.stringData)[key]);
    const pem = plain ?? (encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("latin1"));
    return (pem.match(CERTIFICATE) ?? []).flatMap((one) => {
        try {
            return [new X509Certificate(one)];
        } catch {
            return [];
        }
    });
}
