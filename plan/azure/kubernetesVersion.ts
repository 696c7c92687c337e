import { Violation } from "../shared/violation";
import { validateKubernetesSupport } from "./supportTable";

/** Refuses what AKS does not take as a version, or takes no more. */
export function validateKubernetesVersion(path: string, version: string, today: Date): Violation[] {
    const [, minor] = /^1\.(\d+)(?:\.\d+)?$/.exec(version) ?? [];
    if (minor === undefined) {
        return [
            {
                path,
                value: version,
                problem: "is not a version of Kubernetes",
                expected: 'a minor version such as "1.36", or one with its patch such as "1.36.2"',
                fix: "Choose one of az aks get-versions --location <location>",
            },
        ];
    }
    return validateKubernetesSupport(path, version, today);
}

/** Whether it leaves AKS no choice of the patch. */
export function pinsPatch(version: string): boolean {
    return /^1\.\d+\.\d+$/.test(version);
}
