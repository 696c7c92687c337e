import { describeRef, RawObject } from "./rawObject";
import { ReviewContext } from "./reviewContext";
import { Finding } from "./rule";
import { RULES } from "./rules";
import { readScene } from "./scene";

/**
 * Reviews a set of Kubernetes objects together, and tells what would fail silently.
 *
 * A rule that would need an object outside the set to decide keeps silent. `Sidecar` resources, which narrow what a
 * namespace sees, are not read.
 */
export function reviewObjects(objects: RawObject[], context: ReviewContext = {}): Finding[] {
    const scene = readScene(objects, context);
    const findings = RULES.flatMap((rule) => rule.find(scene).map((found) => ({ rule: rule.id, ...found })));
    return onePerPlace(findings);
}

/** What holds for several namespaces or ports is told once. */
function onePerPlace(findings: Finding[]): Finding[] {
    const told = new Map<string, Finding>();
    for (const finding of findings) {
        const place = `${finding.rule} ${describeRef(finding.object)} ${finding.violation.path}`;
        if (!told.has(place)) {
            told.set(place, finding);
        }
    }
    return [...told.values()];
}
