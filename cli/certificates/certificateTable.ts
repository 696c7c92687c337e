import { CertificateDetails } from "../../plan/pki/certificateDetails";
import { lastHoursFrom, warningFrom } from "../../plan/pki/expiry";

/** How a certificate stands, in the order in which things get worse. */
export type CertificateState = "ok" | "renewed by the next update" | "expires soon" | "overlooked" | "expired";

/** What a person has to know of a certificate at a moment. */
export function certificateState(facts: CertificateDetails, now: Date): CertificateState {
    const life = { notBefore: new Date(facts.notBefore), notAfter: new Date(facts.notAfter) };
    if (life.notAfter <= now) {
        return "expired";
    }
    if (lastHoursFrom(life) <= now) {
        return "overlooked";
    }
    if (new Date(facts.renewFrom) <= now) {
        return "renewed by the next update";
    }
    return warningFrom(life) <= now ? "expires soon" : "ok";
}

const TITLES = ["name", "subject", "alternative names", "serial", "expires", "renewed from", "state"];

/** The facts as a table for the terminal, the certificate that ends first at the top. */
export function certificateTable(all: CertificateDetails[], now: Date): string {
    const rows = all
        .toSorted((one, other) => Date.parse(one.notAfter) - Date.parse(other.notAfter))
        .map((facts) => [
            facts.name,
            facts.subject,
            facts.subjectAltNames.join(" ") || "-",
            facts.serial,
            minute(facts.notAfter),
            minute(facts.renewFrom),
            certificateState(facts, now),
        ]);
    const widths = TITLES.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
    return [TITLES, widths.map((width) => "-".repeat(width)), ...rows]
        .map((row) =>
            row
                .map((cell, column) => cell.padEnd(widths[column]))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

function minute(moment: string): string {
    return `${moment.slice(0, 16).replace("T", " ")}Z`;
}
