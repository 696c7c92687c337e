import { Violation } from "../shared/violation";

/** AKS supports a minor version for a year; support of 1.32 ended in March 2026. */
export const OLDEST_MINOR = 33;

/** Refuses what AKS does not take as a version, or takes no more. */
export function validateKubernetesVersion(path: string, version: string): Violation[] {
    const [, minor] = /^1\.(\d+)(?:\.\d+)?$/.exec(version) ?? [];
    if (minor === undefined) {
        return [
            {
                path,
                value: version,
                problem: "is no version of Kubernetes",
                expected: 'a minor version such as "1.34", or one with its patch such as "1.34.2"',
                fix: "Choose one of az aks get-versions --location <location>",
            },
        ];
    }
    if (Number(minor) < OLDEST_MINOR) {
        return [
            {
                path,
                value: version,
                problem: "is not supported by AKS any more",
                expected: `1.${OLDEST_MINOR} or newer`,
                fix: "Choose one of az aks get-versions --location <location>",
            },
        ];
    }
    return [];
}

/** Whether it leaves AKS no choice of the patch. */
export function pinsPatch(version: string): boolean {
    return /^1\.\d+\.\d+$/.test(version);
}
