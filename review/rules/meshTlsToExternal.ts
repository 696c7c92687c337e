import { callersOf } from "../mesh/calls";
import { isDiverted } from "../mesh/routing";
import { Rule, finding } from "../rule";

/** Advisory, because the server may be a proxy of another mesh with the same root certificate. */
export const meshTlsToExternal: Rule = {
    id: "mesh-tls-to-external",
    title: "A rule uses the mesh's own mutual TLS for an external host.",
    why: "The partner does not know the mesh's certificates, and its own is not from the mesh's CA. Every call gets 503.",
    severity: "advisory",
    find: (mesh) =>
        mesh.calls
            .filter((call) => call.tls?.mode === "ISTIO_MUTUAL" && call.entry.isExternal && !isDiverted(mesh, call))
            .flatMap((call) =>
                call.tls
                    ? [
                          finding(call.tls, {
                              path: `${call.tls.path}.mode`,
                              value: call.tls.mode,
                              problem: `shows the mesh's certificates to ${call.host}, which is outside of the mesh, in calls of ${call.caller === "gateway" ? `the gateway in namespace ${call.namespace}` : callersOf(call)}`,
                              expected: "SIMPLE, MUTUAL or DISABLE for an external host",
                              fix: "Write mode: SIMPLE, or mode: MUTUAL with the credentialName of the partner's client certificate",
                          }),
                      ]
                    : [],
            ),
};
