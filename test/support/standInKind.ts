import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { binary } from "../../lab/build/build";
import { ctr } from "../../lab/cluster/containerd";
import { Lab } from "../../lab/cluster/lab";
import { CURL_IMAGE, ISTIO_IMAGES, ISTIO_VERSION, NGINX_IMAGE } from "../../plan/shared/officialSources";

/** What programs of a machine with Docker and kind find, where the cluster is the lab. */
export interface OrdinaryMachine {
    env: Record<string, string>;
    leave: () => Promise<void>;
}

/** Without the tag, as containerd looks for an image whose name has both (`ParseDockerRef` of github.com/distribution/reference). */
const byDigest = (image: string) => image.replace(/:[^:/@]+@/, "@");

/**
 * Stand-ins of `docker` and `kind` on PATH, because a machine of these tests runs no containers of Docker: kind's cluster is the
 * lab, which has the images of tests under the names that a node of kind would pull. Their subcommands and words are those of
 * kubernetes-sigs/kind (pkg/cmd/kind/create/cluster, get/clusters, export/kubeconfig). What the demo builds and keeps has a folder
 * of its own, with only the engine and helm in it.
 */
export async function ordinaryMachine({ kubeconfig, images }: Lab): Promise<OrdinaryMachine> {
    const names = {
        [`${images.hub}/pilot:${images.tag}`]: `${ISTIO_IMAGES}/pilot:${ISTIO_VERSION}`,
        [`${images.hub}/proxyv2:${images.tag}`]: `${ISTIO_IMAGES}/proxyv2:${ISTIO_VERSION}`,
        [images.nginx]: byDigest(NGINX_IMAGE),
        [images.curl]: byDigest(CURL_IMAGE),
    };
    for (const [ofLab, official] of Object.entries(names)) {
        const { exitCode, stderr } = await ctr("images", "tag", "--force", ofLab, official);
        if (exitCode !== 0) {
            throw new Error(`the lab's ${ofLab} does not get the name ${official}: ${stderr}`);
        }
    }
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-ordinary-"));
    const [bin, cache] = [join(folder, "bin"), join(folder, "cache")];
    [bin, cache].forEach((one) => mkdirSync(one));
    for (const built of ["pulumi", "helm"].map(binary).filter((path) => path !== undefined)) {
        symlinkSync(dirname(built), join(cache, basename(dirname(built))));
    }
    const [made, clusters] = [join(folder, "kubeconfig"), join(folder, "clusters")];
    writeFileSync(made, ofKind(readFileSync(kubeconfig, "utf8")), { mode: 0o600 });
    program(bin, "docker", "exit 0");
    program(
        bin,
        "kind",
        `case "$1 $2" in
    "get clusters") cat "${clusters}" 2>/dev/null || echo "No kind clusters found." >&2 ;;
    "create cluster" | "export kubeconfig")
        [ "$1" = create ] && [ -e "${clusters}" ] && echo 'ERROR: failed to create cluster: node(s) already exist' >&2 && exit 1
        while [ $# -gt 0 ]; do
            [ "$1" = --name ] && echo "$2" > "${clusters}"
            [ "$1" = --kubeconfig ] && cp "${made}" "$2"
            shift
        done ;;
    *) exit 1 ;;
esac`,
    );
    return {
        env: { PATH: [bin, process.env.PATH].join(delimiter), MESH_EGRESS_CACHE: cache },
        leave: async () => {
            await ctr("images", "rm", ...Object.values(names));
            rmSync(folder, { recursive: true });
        },
    };
}

function program(folder: string, name: string, script: string): void {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n# A stand-in of ${name}, for tests only.\n${script}\n`);
    chmodSync(file, 0o755);
}

interface Kubeconfig {
    contexts: { name: string }[];
    "current-context": string;
}

/** The same cluster, under the name of the context that kind gives. */
function ofKind(text: string): string {
    const kubeconfig = parse(text) as Kubeconfig;
    const name = "kind-mesh-egress";
    return stringify({ ...kubeconfig, contexts: [{ ...kubeconfig.contexts[0], name }], "current-context": name });
}
