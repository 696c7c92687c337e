/** One line of a proxy's log: Istio's access log as text or as JSON, or the gateway's audit log. */
export interface LoggedCall {
    /** When it began, in ISO 8601. */
    time: string;
    status: number;
    /** Envoy's response flags, for example `UF`; empty for none. */
    flags: string[];
    /** Envoy's response code details. */
    details: string;
    /** Why no TLS connection came about, with blanks as underscores. */
    failure: string;
    host: string;
    path: string;
    /** The caller's SPIFFE identity; empty where the line does not say it, which only the audit log does. */
    caller: string;
}

const LINE =
    /^\[([^\]]+)\] "(?:(\S+) (\S+)[^"]*|[^"]*)" (\d+) (\S+) (\S+) (\S+) "([^"]*)"(?: \S+){4} "[^"]*" "[^"]*" "[^"]*" "([^"]*)"/;

/** The calls in a log. Lines that are not access log lines are left out. */
export function readAccessLog(log: string): LoggedCall[] {
    return log.split("\n").flatMap((line): LoggedCall[] => {
        if (line.startsWith("{")) {
            return readJson(line);
        }
        const match = LINE.exec(line);
        if (!match) {
            return [];
        }
        const [, time, , path = "", status, flags, details, , failure, host] = match;
        return [
            {
                time,
                status: Number(status),
                flags: flags === "-" ? [] : flags.split(","),
                details,
                failure: failure === "-" ? "" : failure,
                host: host.replace(/:\d+$/, ""),
                path,
                caller: "",
            },
        ];
    });
}

/** Names of the fields in JSON: Istio's own, and those of the audit log. */
const NAMES = {
    time: ["start_time", "time"],
    status: ["response_code", "status"],
    flags: ["response_flags", "flags"],
    details: ["response_code_details", "details"],
    failure: ["upstream_transport_failure_reason", "failure"],
    host: ["authority", "host", "requested_server_name", "serverName"],
    path: ["path"],
    caller: ["caller"],
} satisfies Record<keyof LoggedCall, string[]>;

/** The same fields by their names; Envoy leaves out what it does not know, or writes null. */
function readJson(line: string): LoggedCall[] {
    let fields: Record<string, unknown>;
    try {
        fields = JSON.parse(line) as Record<string, unknown>;
    } catch {
        // A line that was cut off, or the log of something else.
        return [];
    }
    const text = (field: keyof LoggedCall) =>
        NAMES[field]
            .map((name) => fields[name])
            .find((value): value is string => typeof value === "string" && value !== "-") ?? "";
    const status = NAMES.status.map((name) => fields[name]).find((value) => typeof value === "number");
    if (status === undefined) {
        return [];
    }
    return [
        {
            time: text("time"),
            status,
            flags: text("flags").split(",").filter(Boolean),
            details: text("details"),
            failure: text("failure").replaceAll(" ", "_"),
            host: text("host").replace(/:\d+$/, ""),
            path: text("path"),
            caller: text("caller"),
        },
    ];
}
