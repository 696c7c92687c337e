import { HelmValues } from "../mesh/helmValues";
import { Violation } from "../shared/violation";
import { AUDIT_PROVIDER, AuditLogOptions, auditProvider } from "./auditLog";
import { MESH_LOG_PROVIDER } from "./sidecarLogs";
import { TRACING_PROVIDER, TracingOptions, tracingProvider } from "./tracing";

/** Logs and traces of a mesh's calls. */
export interface ObservabilityOptions {
    auditLog?: AuditLogOptions;
    tracing?: TracingOptions;
}

/** Reserved provider names. A second provider of the same name would replace the first. */
const RESERVED: Record<string, string> = {
    [MESH_LOG_PROVIDER]: "is the name of Istio's own provider, which writes the access log",
    [AUDIT_PROVIDER]: "is the name of the provider that auditLog makes",
    [TRACING_PROVIDER]: "is the name of the provider that tracing makes",
};

/** Refuses the user's own providers with a reserved name. */
export function validateProviderNames(path: string, providers: unknown): Violation[] {
    return list(providers).flatMap((provider, index) => {
        const { name } = (provider ?? {}) as { name?: unknown };
        return typeof name === "string" && Object.hasOwn(RESERVED, name)
            ? [
                  {
                      path: `${path}[${index}].name`,
                      value: name,
                      problem: RESERVED[name],
                      expected: "another name",
                      fix: 'Rename the provider, for example to "access-log"',
                  },
              ]
            : [];
    });
}

/** Values of the `istiod` chart for the options: the user's own providers in `values`, followed by this package's. */
export function providerValues(values: HelmValues, { auditLog, tracing }: ObservabilityOptions): HelmValues {
    const { extensionProviders } = (values["meshConfig"] ?? {}) as HelmValues;
    const ours = [...(auditLog ? [auditProvider(auditLog)] : []), ...(tracing ? [tracingProvider(tracing)] : [])];
    return ours.length > 0 ? { meshConfig: { extensionProviders: [...list(extensionProviders), ...ours] } } : {};
}

function list(value: unknown): unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : [];
}
