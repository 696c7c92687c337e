import { Skipped } from "../input/objects";
import { Finding, RuleInfo, Severity } from "../../review/index";
import { FileLocation } from "./locate";

/** What a review found, in the form that every output is made from. */
export interface Outcome {
    /** Findings that the baseline does not have. */
    findings: Finding[];
    /** Findings that the baseline has. */
    known: Finding[];
    /** How many entries of the baseline no longer occur. */
    solved: number;
    /** How many objects were read. */
    objects: number;
    skipped: Skipped[];
    /** The rules that were asked. */
    rules: RuleInfo[];
    locate: (finding: Finding) => FileLocation | undefined;
}

/** From which severity on a finding makes the command end with 1. */
export const FAIL_ON = ["mandatory", "advisory", "none"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** 1 with a finding at or above the severity, else 0. */
export function exitCode(findings: { severity: Severity }[], failOn: FailOn): number {
    return findings.some(({ severity }) => failOn === "advisory" || severity === failOn) ? 1 : 0;
}
