import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type { LocalCluster } from "../../../../lab/local/cluster";
import { openNamedStack } from "../../../../lab/local/namedStack";
import { stateFolder } from "../../../../lab/local/stack";
import { rememberEnvironment } from "../../../support/environment";

describe("a stack by its name, in the commands of the repository", () => {
    const { PATH } = process.env;
    const restore = rememberEnvironment("PATH", "MESH_EGRESS_CACHE", "MESH_EGRESS_KUBECONFIG", "MESH_EGRESS_CONTEXT");
    let folder: string;
    let kubeconfig: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-named-"));
        kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, "");
        writeFileSync(join(folder, "pulumi"), "#!/bin/sh\necho v3.253.0\n");
        chmodSync(join(folder, "pulumi"), 0o755);
        process.env.PATH = `${folder}${delimiter}${PATH}`;
        process.env.MESH_EGRESS_CACHE = folder;
        process.env.MESH_EGRESS_KUBECONFIG = kubeconfig;
        delete process.env.MESH_EGRESS_CONTEXT;
    });
    afterEach(() => {
        restore();
        rmSync(folder, { recursive: true });
    });

    const keep = () => {
        const stacks = join(stateFolder({ kubeconfig } as LocalCluster), ".pulumi", "stacks", "mesh-egress");
        mkdirSync(stacks, { recursive: true });
        writeFileSync(join(stacks, "local.json"), "{}");
    };
    const open = async (name: string) => {
        const opened: string[] = [];
        await openNamedStack(name, (_engine, _plugins, cluster) => {
            opened.push(cluster.kubeconfig);
            return Promise.resolve({} as Stack);
        }).catch((error: Error) => opened.push(`failed: ${error.message}`));
        return opened;
    };

    it("is the demo's by the name demo, next to its cluster", async () => {
        keep();
        assert.deepEqual(await open("demo"), [kubeconfig]);
    });

    it("is no stack without the demo, and the command that starts it is told", async () => {
        assert.deepEqual(await open("demo"), ["failed: The demo is not up. Start it: npm run demo"]);
    });

    it("is never the demo's by the name of a file in stacks/", async () => {
        keep();
        assert.deepEqual(await open("local"), [], "the demo's stack was opened");
    });
});
