import { callersOf } from "../mesh/calls";
import { Mesh } from "../mesh/mesh";
import { isDiverted } from "../mesh/routing";
import { isTls } from "../objects/protocols";
import { Rule, finding } from "../rule";

const MOUNTS = ["sidecar.istio.io/userVolumeMount", "sidecar.istio.io/userVolume"];

/** Silent where every workload of the namespaces that read the rule mounts volumes into its sidecar. */
export const certificateFilesForEverybody: Rule = {
    id: "certificate-files-for-everybody",
    title: "A rule refers to certificate files, but applies to sidecars that may not have them.",
    why: "A sidecar without the files does not connect, so calls to the host fail.",
    severity: "advisory",
    find: (mesh) =>
        mesh.calls.flatMap((call) => {
            const { caller, tls, host, port, namespace } = call;
            const asks = caller === "sidecar" && tls?.mode === "MUTUAL" && tls.clientCertificate !== undefined;
            return asks && !isTls(port.protocol) && !isDiverted(mesh, call) && !haveFiles(mesh, namespace)
                ? [
                      finding(tls, {
                          path: `${tls.path}.clientCertificate`,
                          value: tls.clientCertificate,
                          problem: `is a file that ${callersOf(call)} need for calls to ${host}`,
                          expected: "a rule that only proxies with the files read",
                          fix: "Add a workloadSelector, or set exportTo to the namespace whose workloads mount the files",
                      }),
                  ]
                : [];
        }),
};

function haveFiles({ workloads }: Mesh, namespace: string): boolean {
    const own = workloads.filter(({ ref }) => ref.namespace === namespace);
    return own.length > 0 && own.every(({ podAnnotations }) => MOUNTS.some((name) => name in podAnnotations));
}
