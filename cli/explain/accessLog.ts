/** One line of Istio's access log, in its default format as text or as JSON. */
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
}

const LINE =
    /^\[([^\]]+)\] "(?:(\S+) (\S+)[^"]*|[^"]*)" (\d+) (\S+) (\S+) (\S+) "([^"]*)"(?: \S+){4} "[^"]*" "[^"]*" "[^"]*" "([^"]*)"/;

/** The calls in a log; what is no line of the access log is left out. */
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
            },
        ];
    });
}

/** The same fields by Istio's names; Envoy leaves out what it does not know, or writes null. */
function readJson(line: string): LoggedCall[] {
    let fields: Record<string, unknown>;
    try {
        fields = JSON.parse(line) as Record<string, unknown>;
    } catch {
        // A line that was cut off, or the log of something else.
        return [];
    }
    const text = (name: string) => {
        const value = fields[name];
        return typeof value === "string" && value !== "-" ? value : "";
    };
    const status = fields["response_code"];
    if (typeof status !== "number") {
        return [];
    }
    return [
        {
            time: text("start_time"),
            status,
            flags: text("response_flags").split(",").filter(Boolean),
            details: text("response_code_details"),
            failure: text("upstream_transport_failure_reason").replaceAll(" ", "_"),
            host: text("authority").replace(/:\d+$/, ""),
            path: text("path"),
        },
    ];
}
