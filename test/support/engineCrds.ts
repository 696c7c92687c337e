import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import * as k8s from "@kubernetes/client-node";
import { command } from "../../lab/command";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";

/** A policy engine's CRDs, in its own Go module. `sum` is the module's checksum as in a go.sum. */
interface CrdSource {
    module: string;
    version: string;
    sum: string;
    files: string[];
    /** Group and version under which the engine serves the kind, if they are not the CRD's own. */
    servedAs?: { group: string; version: string };
}

const CRD_SOURCES: CrdSource[] = [
    {
        module: "github.com/cilium/cilium",
        // The oldest version that knows every field of these policies.
        version: "v1.16.6",
        sum: "h1:KRQn5knO48ERxB6SusQo02nYmE0NO0qiLlvqhwBTXbI=",
        files: ["ciliumclusterwidenetworkpolicies", "ciliumnetworkpolicies"].map(
            (name) => `pkg/k8s/apis/cilium.io/client/crds/v2/${name}.yaml`,
        ),
    },
    {
        module: "github.com/projectcalico/calico",
        version: "v1.11.0-cni-plugin.0.20250813170300-a0db560f0520",
        sum: "h1:TXnPEzx4pLWgwzCetIO/VJuz4iBZZrOdNSv16a50YqE=",
        files: ["libcalico-go/config/crd/crd.projectcalico.org_globalnetworkpolicies.yaml"],
        // Calico's API server serves objects of this CRD, with the same spec, under its public group.
        servedAs: { group: "projectcalico.org", version: "v3" },
    },
    {
        module: "sigs.k8s.io/network-policy-api",
        version: "v0.3.0",
        sum: "h1:RL6fVXiix9IW1pj0ImkW645m+EWmb3dBGCiW19bg5+k=",
        files: ["config/crd/experimental/policy.networking.k8s.io_clusternetworkpolicies.yaml"],
    },
];

type Crd = k8s.V1CustomResourceDefinition & AnyObject;

/** The policy engines' own CRDs. Downloads their Go modules unless the machine has them. */
export async function engineCrds(): Promise<Crd[]> {
    const crds: Crd[] = [];
    for (const source of CRD_SOURCES) {
        const folder = await moduleFolder(source);
        for (const file of source.files) {
            const crd = k8s.loadYaml<Crd>(await readFile(join(folder, file), "utf8"));
            crds.push(source.servedAs ? renamed(crd, source.servedAs) : crd);
        }
    }
    return crds;
}

/** Serves the CRDs, and returns once the API server knows them. */
export async function serve(cluster: Cluster, crds: Crd[]): Promise<void> {
    await Promise.all(crds.map((crd) => cluster.apply(crd)));
    const api = cluster.api(k8s.ApiextensionsV1Api);
    for (const name of crds.map(({ metadata }) => metadata?.name as string)) {
        await waitFor(`the CRD ${name}`, 60, async () => {
            const { status } = await api.readCustomResourceDefinition({ name });
            return status?.conditions?.some((one) => one.type === "Established" && one.status === "True");
        });
    }
}

async function moduleFolder({ module, version, sum }: CrdSource): Promise<string> {
    const options = { cwd: tmpdir(), env: { GOFLAGS: "-mod=mod", GOWORK: "off" } };
    const answer = await command("go", ["mod", "download", "-json", `${module}@${version}`], options);
    const { Dir: folder, Sum: actual } = JSON.parse(answer) as { Dir: string; Sum: string };
    if (actual !== sum) {
        throw new Error(`${module}@${version} has the checksum ${actual}, and not ${sum}.`);
    }
    return folder;
}

function renamed(crd: Crd, { group, version }: { group: string; version: string }): Crd {
    const { names, versions } = crd.spec;
    return {
        ...crd,
        metadata: { ...crd.metadata, name: `${names.plural}.${group}` },
        spec: { ...crd.spec, group, versions: versions.map((one) => ({ ...one, name: version })) },
    };
}
