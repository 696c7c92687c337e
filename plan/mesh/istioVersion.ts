import { Violation } from "../shared/violation";

/**
 * Oldest version of Istio for which the package's promises hold. 1.28.6 is the first whose istiod supports
 * `BLOCKED_CIDRS_IN_JWKS_URIS`, and its sidecars use the CA of a credential.
 */
const OLDEST = { minor: 28, patch: 6 };

/** Refuses an older chart version or image tag. Text that is not a version, such as a digest, is accepted. */
export function validateMeshVersion(path: string, version: string | undefined): Violation[] {
    const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(version ?? "") ?? [];
    return minor === undefined ||
        isAtLeast(Number(major), Number(minor), patch === undefined ? undefined : Number(patch))
        ? []
        : [tooOld(path, version ?? "", `Istio 1.${OLDEST.minor}.${OLDEST.patch} or later`)];
}

/** Refuses an older revision of the AKS add-on, such as `asm-1-20`. AKS chooses the patch. */
export function validateRevisionFloor(path: string, revision: string): Violation[] {
    const [, major, minor] = /^asm-(\d+)-(\d+)$/.exec(revision) ?? [];
    return minor === undefined || isAtLeast(Number(major), Number(minor), undefined)
        ? []
        : [tooOld(path, revision, `asm-1-${OLDEST.minor} or later`)];
}

/** Whether a version of Istio or a revision of the add-on, such as `1.31.0` or `asm-1-30`, is at least 1.<minor>; undefined for other text. */
export function isAtLeastMinor(version: string, least: number): boolean | undefined {
    const [, major, minor] = /^(?:v|asm-)?(\d+)[.-](\d+)(?:[.+-].*)?$/.exec(version) ?? [];
    return minor === undefined ? undefined : Number(major) > 1 || (major === "1" && Number(minor) >= least);
}

function isAtLeast(major: number, minor: number, patch: number | undefined): boolean {
    return (
        major > 1 ||
        (major === 1 && (minor > OLDEST.minor || (minor === OLDEST.minor && (patch ?? OLDEST.patch) >= OLDEST.patch)))
    );
}

function tooOld(path: string, value: string, expected: string): Violation {
    return {
        path,
        value,
        problem: "is too old: a mesh of this version ignores settings that the guarantees of the egress gateway need",
        expected,
        fix: "Upgrade the mesh, or choose a later version",
    };
}
