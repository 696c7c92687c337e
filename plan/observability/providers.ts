import { HelmValues } from "../mesh/helmValues";
import { Violation } from "../shared/violation";
import { AUDIT_PROVIDER, AuditLogOptions, auditProvider } from "./auditLog";
import { MESH_LOG_PROVIDER } from "./sidecarLogs";
import { TRACING_PROVIDER, TracingOptions, tracingProvider } from "./tracing";

/** What a mesh tells about its calls. */
export interface ObservabilityOptions {
    auditLog?: AuditLogOptions;
    tracing?: TracingOptions;
}

/** Names of providers that are not the mesh author's to give: one of the same name would take the place of the other. */
const RESERVED: Record<string, string> = {
    [MESH_LOG_PROVIDER]: "is the name of Istio's own provider, which writes the access log",
    [AUDIT_PROVIDER]: "is the name of the provider that auditLog makes",
    [TRACING_PROVIDER]: "is the name of the provider that tracing makes",
};

/** Refuses providers of the mesh's author under a name that has another owner. */
export function validateProviderNames(path: string, providers: unknown): Violation[] {
    return list(providers).flatMap((provider, index) => {
        const { name } = (provider ?? {}) as { name?: unknown };
        return typeof name === "string" && Object.hasOwn(RESERVED, name)
            ? [
                  {
                      path: `${path}[${index}].name`,
                      value: name,
                      problem: RESERVED[name],
                      expected: "a name of your own",
                      fix: 'Rename the provider, for example to "access-log"',
                  },
              ]
            : [];
    });
}

/** Values of the `istiod` chart for the options: the mesh author's own providers in `values`, and after them ours. */
export function providerValues(values: HelmValues, { auditLog, tracing }: ObservabilityOptions): HelmValues {
    const { extensionProviders } = (values["meshConfig"] ?? {}) as HelmValues;
    const ours = [...(auditLog ? [auditProvider(auditLog)] : []), ...(tracing ? [tracingProvider(tracing)] : [])];
    return ours.length > 0 ? { meshConfig: { extensionProviders: [...list(extensionProviders), ...ours] } } : {};
}

function list(value: unknown): unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : [];
}
