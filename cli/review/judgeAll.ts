import { Finding, ReviewOptions, allRules, review } from "../../review/index";
import { Skipped, SourcedObject } from "../input/objects";
import { fingerprint } from "./baseline";
import { FileLocation, Locator } from "./locate";

/** What all environments have, and where it is. */
export interface Judged {
    findings: Finding[];
    skipped: Skipped[];
    locate: (finding: Finding) => FileLocation | undefined;
}

/** Judges each environment by itself. What several of them have in common is told once. */
export function judgeAll(environments: SourcedObject[][], options: ReviewOptions): Judged {
    const judged = environments.map((objects) => ({
        ...review(
            objects.map(({ object }) => object),
            options,
        ),
        locator: new Locator(objects),
    }));
    if (judged.length === 1) {
        const [{ findings, skipped, locator }] = judged;
        return { findings, skipped, locate: ({ object, path }) => locator.find(object, path) };
    }
    const places = new Map<Finding, FileLocation | undefined>();
    const told = new Set<string>();
    for (const { findings, locator } of judged) {
        for (const finding of findings) {
            const place = locator.find(finding.object, finding.path);
            const key = JSON.stringify([fingerprint(finding), finding.message, place]);
            if (!told.has(key)) {
                told.add(key);
                places.set(finding, place);
            }
        }
    }
    const order = new Map(allRules().map(({ id }, index) => [id, index]));
    return {
        findings: [...places.keys()].sort((one, other) => (order.get(one.rule) ?? 0) - (order.get(other.rule) ?? 0)),
        skipped: distinct(judged.flatMap(({ skipped }) => skipped)),
        locate: (finding) => places.get(finding),
    };
}

function distinct(skipped: Skipped[]): Skipped[] {
    return [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()];
}
