import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildsFolder } from "../../../../lab/build/go";
import { linkerFlags } from "../../../../lab/build/goBinary";
import { goBinaries, versions } from "../../../../lab/build/goModules";

describe("the programs the lab builds", () => {
    it("have a module with committed versions each", () => {
        for (const { module } of goBinaries) {
            assert.ok(existsSync(join(buildsFolder, module, "go.mod")), module);
            assert.ok(existsSync(join(buildsFolder, module, "go.sum")), module);
        }
    });

    it("have names of their own", () => {
        assert.equal(new Set(goBinaries.map(({ name }) => name)).size, goBinaries.length);
    });

    it("judge by the oldest version of Kubernetes that is said to be supported", () => {
        const modules = readFileSync(join(buildsFolder, "oldest-kubernetes", "go.mod"), "utf8");
        const judged = [...modules.matchAll(/\tk8s\.io\/(api|apiserver|client-go) v0\.(\S+)/g)].map(
            ([, , version]) => version,
        );
        assert.deepEqual(new Set(judged), new Set([versions.oldestKubernetes.slice("1.".length)]));
    });

    it("are linked with their versions", () => {
        assert.equal(linkerFlags({ "a.b": "v1" }), "-s -w -X a.b=v1");
    });
});
