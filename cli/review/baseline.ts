import { readFileSync } from "node:fs";
import { fields, text } from "../../review/fields";
import { CommandError } from "../commandError";
import { Finding } from "../../review/index";

/** Tells findings apart, and stays the same when a message or the version of an API changes. */
export function fingerprint({ rule, object, path }: Pick<Finding, "rule" | "object" | "path">): string {
    return `${rule} ${object.kind} ${object.namespace}/${object.name} ${path}`;
}

/** The known findings in what an earlier `--output json` wrote. */
export function readBaseline(file: string): Set<string> {
    const wrong = (reason: string) =>
        new CommandError(
            `--baseline ${file}: ${reason}. Write the file with: mesh-egress review ... --output json > ${file}`,
        );
    let value: unknown;
    try {
        value = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
        throw wrong(missing ? "the file does not exist" : "the file is not JSON");
    }
    const findings = fields(value).findings;
    if (!Array.isArray(findings)) {
        throw wrong('the file has no list "findings"');
    }
    return new Set(
        findings.map((one, index) => {
            const { rule, path, object } = fields(one);
            const { kind, namespace, name } = fields(object);
            if (![rule, kind, name].every((part) => text(part) !== undefined)) {
                throw wrong(`findings[${index}] has no "rule" or no "object" with kind and name`);
            }
            const ref = { apiVersion: "", kind: String(kind), namespace: text(namespace) ?? "", name: String(name) };
            return fingerprint({ rule: String(rule), object: ref, path: text(path) ?? "" });
        }),
    );
}

export interface Sorted {
    fresh: Finding[];
    /** Findings that the baseline has. */
    known: Finding[];
    /** How many entries of the baseline no longer occur. */
    solved: number;
}

/** Parts the findings into those that the baseline knows and the others. */
export function compareWithBaseline(findings: Finding[], baseline: Set<string>): Sorted {
    const isKnown = (finding: Finding) => baseline.size > 0 && baseline.has(fingerprint(finding));
    const known = findings.filter(isKnown);
    return {
        fresh: findings.filter((finding) => !isKnown(finding)),
        known,
        solved: baseline.size - new Set(known.map(fingerprint)).size,
    };
}
