import { createHash } from "node:crypto";
import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { Location, Log, Result } from "sarif";
import { describeRef } from "../../review/rawObject";
import { STDIN } from "../input/readFiles";
import { packageVersion } from "../packageVersion";
import { fingerprint } from "./baseline";
import { Finding, Severity } from "../../review/index";
import { FileLocation } from "./locate";
import { Outcome } from "./outcome";

/** SARIF 2.1.0 (OASIS), as code scanning takes it. Findings of the baseline are in it, suppressed. */
export function sarifOutput(outcome: Outcome): string {
    const ruleIndex = new Map(outcome.rules.map(({ id }, index) => [id, index]));
    const result = (finding: Finding, isKnown: boolean): Result => ({
        ruleId: finding.rule,
        ruleIndex: ruleIndex.get(finding.rule),
        level: level(finding.severity),
        message: { text: `${describeRef(finding.object)}: ${finding.path}: ${finding.message}` },
        locations: [location(finding, outcome.locate(finding))],
        partialFingerprints: { "meshEgress/v1": createHash("sha256").update(fingerprint(finding)).digest("hex") },
        ...(isKnown && { suppressions: [{ kind: "external", justification: "It is in the baseline." }] }),
    });
    const log: Log = {
        $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [
            {
                tool: {
                    driver: {
                        name: "mesh-egress",
                        semanticVersion: packageVersion(),
                        rules: outcome.rules.map(({ id, title, why, severity, url }) => ({
                            id,
                            shortDescription: { text: title },
                            fullDescription: { text: why },
                            helpUri: url,
                            help: { text: `${why} ${url}` },
                            defaultConfiguration: { level: level(severity) },
                        })),
                    },
                },
                columnKind: "utf16CodeUnits",
                results: [
                    ...outcome.findings.map((finding) => result(finding, false)),
                    ...outcome.known.map((finding) => result(finding, true)),
                ],
            },
        ],
    };
    return JSON.stringify(log, null, 2);
}

function level(severity: Severity): "error" | "warning" {
    return severity === "mandatory" ? "error" : "warning";
}

function location({ object }: Finding, place: FileLocation | undefined): Location {
    const { kind, namespace, name } = object;
    return {
        ...(place &&
            place.file !== STDIN && {
                physicalLocation: {
                    artifactLocation: { uri: uriOf(place.file) },
                    region: { startLine: place.line },
                },
            }),
        logicalLocations: [{ name, fullyQualifiedName: `${namespace}/${kind}/${name}`, kind: "resource" }],
    };
}

/** Relative to the working folder, which in a pipeline is the repository; absolute outside of it. */
function uriOf(file: string): string {
    const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
    const parts = path.split(sep);
    return isAbsolute(path) || parts[0] === ".."
        ? pathToFileURL(file).href
        : parts
              .filter((part) => part !== ".")
              .map(encodeURIComponent)
              .join("/");
}
