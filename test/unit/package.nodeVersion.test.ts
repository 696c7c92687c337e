import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unsupportedNode } from "../support/nodeVersion";

const ROOT = join(__dirname, "../..");

interface Manifest {
    engines: { node: string };
    allowScripts: Record<string, boolean>;
    scripts: Record<string, string>;
    devDependencies: Record<string, string>;
}
interface Lock {
    packages: Record<string, { version: string; hasInstallScript?: boolean }>;
}
const readJson = <T>(file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8")) as T;

describe("the Node.js of the suite", () => {
    const manifest = readJson<Manifest>("package.json");

    it("is one that the package supports", () => {
        assert.equal(unsupportedNode(process.versions.node), undefined);
    });

    it("is refused where it is older than the oldest of engines, with the command that brings another", () => {
        assert.equal(manifest.engines.node, "^22.12.0 || >=24");
        for (const version of ["22.12.0", "22.23.3", "24.0.0", "26.1.0"]) {
            assert.equal(unsupportedNode(version), undefined, version);
        }
        for (const version of ["18.20.0", "20.20.2", "22.11.0"]) {
            assert.match(unsupportedNode(version) ?? "", /is too old: .* Run npm ci, .* npm test\./, version);
        }
    });

    it("is the one of the development dependency for every npm script, whatever the machine has", () => {
        const seen = execFileSync("npm", ["exec", "--offline", "--", "node", "--version"], {
            cwd: ROOT,
            encoding: "utf8",
        });
        assert.equal(seen.trim(), `v${manifest.devDependencies.node}`);
    });

    it("may be installed: each package with an install script is approved by name", () => {
        const { packages } = readJson<Lock>("package-lock.json");
        const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
        const names = scripted.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
        assert.deepEqual(Object.keys(manifest.allowScripts).sort(), [...new Set(names)].sort());
    });
});
