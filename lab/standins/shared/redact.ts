import { secretTexts, type Value } from "./values";

/**
 * A message with every secret of `value` taken out, also in base64, which is how a Secret's data looks to the API
 * server. Texts of one or two characters stay: removing them would make the message unreadable without protecting anything.
 */
export function redact(message: string, ...values: (Value | undefined)[]): string {
    const texts = values.flatMap((value) => secretTexts(value)).flatMap((secret) => [secret, ...secret.split("\n")]);
    const forms = texts.flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
        Buffer.from(secret, "base64").toString("utf8"),
    ]);
    return [...new Set(forms)]
        .filter((form) => form.trim().length > 2)
        .sort((a, b) => b.length - a.length)
        .reduce((redacted, form) => redacted.replaceAll(form, "[secret]"), message);
}
