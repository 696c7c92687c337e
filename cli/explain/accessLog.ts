/** One line of Istio's access log, in its default text format. */
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
