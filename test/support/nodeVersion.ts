/** The oldest Node.js that `engines` of package.json allows. */
const OLDEST = [22, 12];

/**
 * Why the suite does not run on this version of Node.js; undefined where it does. npm puts the one of the package `node`
 * first on PATH, so an older one on the machine is used only by who starts the suite without npm, or installed without
 * scripts.
 */
export function unsupportedNode(version: string): string | undefined {
    const [major, minor] = version.split(".").map(Number);
    return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
        ? undefined
        : `Node.js ${version} is too old: the suite needs 22.12 or newer. Run npm ci, which brings one, and then npm test.`;
}
