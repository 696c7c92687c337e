import { Violation, under } from "../shared/violation";
import { AUDIT_FIELDS, AuditField, PATH_WITH_QUERY } from "./auditFields";
import { CollectorOptions, collectorAddress, validateCollector } from "./collector";
import { serviceHost } from "../shared/serviceHost";

/** Destination of the audit log. */
export const AuditDestination = {
    /** Standard output of the gateway's pods, as one JSON line per call. */
    Stdout: "stdout",
    /** An OpenTelemetry collector, as one log record per call, with the fields as attributes. */
    OpenTelemetry: "openTelemetry",
} as const;
export type AuditDestination = (typeof AuditDestination)[keyof typeof AuditDestination];

/** The audit log of a mesh's egress gateways. */
export interface AuditLogOptions {
    /**
     * Names of the fields of a line; docs/operations.md lists them. Headers that can contain secrets cannot be logged.
     * Default: all fields.
     *
     * @example ["time", "caller", "host", "status", "credentialSubject"]
     */
    fields?: string[];
    /** Whether the path includes its query, which often contains tokens. Default: false. */
    query?: boolean;
    /** Destination of the lines. Default: `stdout`. */
    destination?: AuditDestination;
    /**
     * The collector, with `destination: "openTelemetry"`. Default: none.
     *
     * @example { service: "otel-collector.monitoring.svc.cluster.local", port: 4317 }
     */
    collector?: CollectorOptions;
}

/** Name of the audit log's extension provider in the mesh. */
export const AUDIT_PROVIDER = "mesh-egress-audit";

/** Violations in the options of an audit log. */
export function validateAuditLog(path: string, { fields, destination, collector }: AuditLogOptions): Violation[] {
    return under(path, [...validateFields(fields), ...validateDestination(destination, collector)]);
}

function validateFields(fields: string[] | undefined): Violation[] {
    const known = `each field once, from ${Object.keys(AUDIT_FIELDS).join(", ")}`;
    if (fields === undefined) {
        return [];
    }
    if (fields.length === 0) {
        return [
            {
                path: "fields",
                problem: "is empty, so lines would be empty",
                expected: known,
                fix: "Remove fields to log all of them",
            },
        ];
    }
    return fields.flatMap((field, index): Violation[] => {
        const isKnown = Object.hasOwn(AUDIT_FIELDS, field);
        return isKnown && fields.indexOf(field) === index
            ? []
            : [
                  {
                      path: `fields[${index}]`,
                      value: field,
                      problem: isKnown ? "is a duplicate" : "is not a field of the audit log",
                      expected: known,
                      fix: isKnown
                          ? "Remove one of the two"
                          : "Remove it. Headers are never logged, because they contain secrets",
                  },
              ];
    });
}

function validateDestination(
    destination: AuditDestination | undefined,
    collector: CollectorOptions | undefined,
): Violation[] {
    if (destination === AuditDestination.OpenTelemetry) {
        return collector ? validateCollector("collector", collector) : [missingCollector()];
    }
    return collector
        ? [
              {
                  path: "collector",
                  problem: "has no effect unless destination is openTelemetry",
                  expected: "a collector together with destination: openTelemetry",
                  fix: "Set destination: openTelemetry, or remove collector",
              },
          ]
        : [];
}

function missingCollector(): Violation {
    return {
        path: "collector",
        problem: "is missing, so the lines would have no destination",
        expected: "the service and the port of an OpenTelemetry collector",
        fix: `Set collector: { service: ${JSON.stringify(serviceHost("otel-collector", "monitoring"))} }`,
    };
}

/** The entry of MeshConfig's `extensionProviders`. */
export function auditProvider(options: AuditLogOptions) {
    const labels = auditLabels(options);
    return options.destination === AuditDestination.OpenTelemetry && options.collector
        ? {
              name: AUDIT_PROVIDER,
              envoyOtelAls: {
                  ...collectorAddress(options.collector),
                  logName: AUDIT_PROVIDER,
                  // The body. Without it, Istio writes its default line, which includes the query.
                  logFormat: { text: "%START_TIME%", labels },
              },
          }
        : { name: AUDIT_PROVIDER, envoyFileAccessLog: { path: "/dev/stdout", logFormat: { labels } } };
}

function auditLabels({ fields = Object.keys(AUDIT_FIELDS), query = false }: AuditLogOptions): Record<string, string> {
    return Object.fromEntries(
        fields.map((field) => [field, field === "path" && query ? PATH_WITH_QUERY : AUDIT_FIELDS[field as AuditField]]),
    );
}
