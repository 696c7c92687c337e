import { Violation } from "../shared/violation";

/*
 * Versions that AKS supports, with their last day of support. Kubernetes: the AKS release calendar in Microsoft's
 * documentation (articles/aks/supported-kubernetes-versions.md, dated 2026-08-05), where a month means its last day.
 * The Istio add-on: articles/aks/istio-support-policy.md, which was last read with rows up to asm-1-28. According to that page a
 * revision follows the end of life of its Istio version, and Istio's own support of 1.29 ended on 2026-10-12 (istio/istio.io pull request
 * 17599). That does not contradict AKS's release notes of 2026-09-04, which still name asm-1-29. asm-1-30 is offered with Kubernetes
 * 1.35 and 1.36, and its end is not announced; Istio expects that of 1.30 in January 2027 (istio/istio.io pull request 17540).
 */

/** Date on which the table was last compared with its sources. */
export const TABLE_DATE = "2026-11-26";

/** Last day of standard support, by minor version of Kubernetes. */
const KUBERNETES: Record<number, string> = {
    32: "2026-03-31",
    33: "2026-07-31",
    34: "2026-11-30",
    35: "2027-03-31",
    36: "2027-06-30",
    37: "2027-10-31",
};

/** Last day of support, by minor version of the add-on. Empty if the day is not known. */
const ADDON: Record<number, string> = {
    26: "2026-02-28",
    27: "2026-05-31",
    28: "2026-08-31",
    29: "2026-10-12",
    30: "",
};

/** Number of days before the end of support from which to warn. */
export const WARNING_DAYS = 60;
const DAY = 86_400_000;

type Table = Record<number, string>;

/** Refuses a version of Kubernetes whose support has ended. */
export function validateKubernetesSupport(path: string, version: string, today: Date): Violation[] {
    const minor = /^1\.(\d+)/.exec(version)?.[1];
    return validateSupport(path, version, Number(minor), KUBERNETES, today, (newest) => `1.${newest}`);
}

/** Refuses a revision of the Istio add-on whose support has ended. */
export function validateRevisionSupport(path: string, revision: string, today: Date): Violation[] {
    const minor = /^asm-1-(\d+)$/.exec(revision)?.[1];
    return validateSupport(path, revision, Number(minor), ADDON, today, (newest) => `asm-1-${newest}`);
}

function validateSupport(
    path: string,
    value: string,
    minor: number,
    table: Table,
    today: Date,
    nameOf: (minor: number) => string,
): Violation[] {
    const minors = Object.keys(table).map(Number);
    const end = table[minor];
    const isOver = minor < Math.min(...minors) || (end !== undefined && end !== "" && daysUntil(end, today) < 0);
    if (!isOver) {
        return [];
    }
    const supported = minors.filter((one) => table[one] === "" || daysUntil(table[one], today) >= 0).map(nameOf);
    return [
        {
            path,
            value,
            problem: `is no longer supported by AKS: its support ended${end ? ` on ${end}` : ""} (table of ${TABLE_DATE})`,
            expected: supported.length > 0 ? `one of ${supported.join(", ")}, or newer` : "a newer version",
            fix: `Set ${path} to ${JSON.stringify(supported.at(-1) ?? nameOf(Math.max(...minors) + 1))}`,
        },
    ];
}

/** Warnings about support that ends soon, and about versions that are not in the table. */
export function supportWarnings(versions: { kubernetesVersion: string; revision?: string }, today: Date): string[] {
    const minorOf = (text: string | undefined) => Number(/^(?:asm-)?1[.-](\d+)/.exec(text ?? "")?.[1]);
    return [
        ...warning(`Kubernetes ${versions.kubernetesVersion}`, minorOf(versions.kubernetesVersion), KUBERNETES, today),
        ...(versions.revision
            ? warning(`Revision ${versions.revision} of the Istio add-on`, minorOf(versions.revision), ADDON, today)
            : []),
    ];
}

function warning(what: string, minor: number, table: Table, today: Date): string[] {
    const end = table[minor];
    if (end === undefined) {
        return Number.isNaN(minor) ? [] : [`${what} is not in this package's table of ${TABLE_DATE}.`];
    }
    const days = end === "" ? Infinity : daysUntil(end, today);
    return days >= 0 && days <= WARNING_DAYS
        ? [`AKS supports ${what} until ${end}, ${days} days from today. Move to a newer version before that day.`]
        : [];
}

/** Number of whole days from `today` to the end of that day. */
function daysUntil(day: string, today: Date): number {
    const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
    return Math.round((Date.parse(`${day}T00:00:00Z`) - midnight) / DAY);
}
