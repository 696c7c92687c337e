import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as k8s from "@kubernetes/client-node";
import { go } from "../../lab/build/go";
import { AnyObject, Cluster, waitFor } from "../../lab/proof/cluster";

const MODULE = "github.com/cert-manager/cert-manager";
export const CERT_MANAGER_NAMESPACE = "cert-manager";

/**
 * cert-manager's own controllers, as a process of this machine, and its CRDs. Its webhook is not there, which would
 * refuse certificates of less than an hour.
 */
export class CertManagerControllers {
    private constructor(
        private readonly cluster: Cluster,
        private readonly objects: AnyObject[],
        private readonly end: () => Promise<void>,
    ) {}

    static async start(cluster: Cluster, program: string, kubeconfig: string): Promise<CertManagerControllers> {
        const folder = (await go("cert-manager", ["list", "-m", "-f", "{{.Dir}}", MODULE])).trim();
        const crds = join(folder, "deploy", "crds");
        const files = (await readdir(crds)).filter((file) => file.endsWith(".yaml"));
        const texts = await Promise.all(files.map((file) => readFile(join(crds, file), "utf8")));
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: CERT_MANAGER_NAMESPACE } };
        const objects = [namespace, ...texts.flatMap((text) => k8s.loadAllYaml(text) as AnyObject[])];
        await Promise.all(objects.map((object) => cluster.apply(object)));
        for (const { metadata } of objects.slice(1)) {
            await waitFor(`the CRD ${metadata?.name}`, 60, async () => {
                const { status } = await cluster.api(k8s.ApiextensionsV1Api).readCustomResourceDefinition({
                    name: metadata?.name as string,
                });
                return status?.conditions?.some((one) => one.type === "Established" && one.status === "True");
            });
        }
        const controllers = spawn(program, { env: { ...process.env, KUBECONFIG: kubeconfig }, stdio: "ignore" });
        const ended = once(controllers, "exit");
        return new CertManagerControllers(cluster, objects, async () => {
            controllers.kill();
            await ended;
        });
    }

    /** Ends the controllers and takes along everything that only they know. */
    async stop(): Promise<void> {
        await Promise.all(this.objects.map((object) => this.cluster.remove(object)));
        await this.end();
    }
}
