import { Violation } from "../shared/violation";
import { validateKubernetesSupport } from "./supportTable";

/** Refuses text that is not a version for AKS, or a version that AKS no longer supports. */
export function validateKubernetesVersion(path: string, version: string, today: Date): Violation[] {
    const [, minor] = /^1\.(\d+)(?:\.\d+)?$/.exec(version) ?? [];
    if (minor === undefined) {
        return [
            {
                path,
                value: version,
                problem: "is not a Kubernetes version",
                expected: 'a minor version such as "1.36", or one with a patch such as "1.36.2"',
                fix: "Choose one that this command lists: az aks get-versions --location <location>",
            },
        ];
    }
    return validateKubernetesSupport(path, version, today);
}

/** Whether the version pins the patch. */
export function pinsPatch(version: string): boolean {
    return /^1\.\d+\.\d+$/.test(version);
}
