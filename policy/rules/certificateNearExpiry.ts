import { X509Certificate } from "node:crypto";
import { fields, number, text } from "../../review/fields";
import { RawObject } from "../../review/rawObject";
import { groupOf } from "../../review/objects/kinds";
import { ResourceRule } from "../resourcePolicy";

const DAY = 24 * 60 * 60 * 1000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Silent about a certificate that the preview does not know, and about what is none: the API server refuses that. */
export const certificateNearExpiry: ResourceRule = {
    id: "certificate-near-expiry",
    title: "A certificate of a TLS secret ends soon, or has ended.",
    why: "From that moment on the other side refuses every call.",
    level: "advisory",
    configSchema: {
        properties: {
            days: {
                type: "number",
                default: 30,
                minimum: 0,
                description: "Days before a certificate's end from which on it is reported. Default: 30.",
            },
        },
    },
    find: (object, config) => {
        const days = number(config.days) ?? 30;
        const ends = certificates(object).map(({ validTo }) => Date.parse(validTo));
        const end = Math.min(...ends);
        return end - Date.now() > days * DAY
            ? []
            : [
                  {
                      path: 'data["tls.crt"]',
                      problem: `${end > Date.now() ? "ends" : "ended"} on ${new Date(end).toISOString()}`,
                      expected: `a certificate that is valid for more than ${days} days`,
                      fix: "Renew it",
                  },
              ];
    },
};

/** Of the chain too: one that has ended breaks it. */
function certificates(object: RawObject): X509Certificate[] {
    if (object.kind !== "Secret" || groupOf(object) !== "" || object.type !== "kubernetes.io/tls") {
        return [];
    }
    const encoded = text(fields(object.data)["tls.crt"]);
    const plain = text(fields(object.stringData)["tls.crt"]);
    const pem = plain ?? (encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("latin1"));
    return (pem.match(CERTIFICATE) ?? []).flatMap((one) => {
        try {
            return [new X509Certificate(one)];
        } catch {
            return [];
        }
    });
}
