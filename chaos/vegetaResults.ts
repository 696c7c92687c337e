import { FAILURE_HEADER } from "../plan/egress/route/failureHeader";
import { beginning } from "./beginning";
import { Call } from "./outcome";

/*
 * The results of vegeta, as `vegeta encode` writes them.
 */

/** The fields that are read of a result in JSON. */
interface Result {
    attack: string;
    code: number;
    timestamp: string;
    latency: number;
    error: string;
    body: string | null;
    headers: Record<string, string[]> | null;
}

/** The script that writes the results in `file`: a short line for each 200, JSON for everything else. */
export function printResults(vegeta: string, file: string): string {
    return [
        `${vegeta} encode -to csv ${file} | awk -F, '$2 == 200 { print $1 "," $3 "," $8 }'`,
        `${vegeta} encode -to json ${file} | grep -v '"code":200,' || true`,
    ].join("\n");
}

/** Calls from what that script has written. */
export function callsIn(text: string): Call[] {
    return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (line.startsWith("{") ? failed(JSON.parse(line) as Result) : answered(line)));
}

function answered(line: string): Call {
    const [at, latency, stream] = line.split(",");
    return { stream, at: Number(at) / 1e6, milliseconds: Number(latency) / 1e6 };
}

function failed({ attack, code, timestamp, latency, error, body, headers }: Result): Call {
    return {
        stream: attack,
        at: Date.parse(timestamp),
        milliseconds: latency / 1e6,
        failure: code === 0 ? `no answer: ${shortened(error)}` : answerOf(code, body, headers),
    };
}

/** Go puts what happened last, after whom it happened to. */
function shortened(error: string): string {
    const what = error.slice(error.lastIndexOf(": ") + 2).trim();
    return what.includes("deadline exceeded") || what.includes("Client.Timeout") ? "time is up" : what;
}

function answerOf(code: number, body: string | null, headers: Result["headers"]): string {
    const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === FAILURE_HEADER);
    const reason =
        header?.[1][0] ??
        Buffer.from(body ?? "", "base64")
            .toString()
            .trim()
            .split("\n")[0];
    // Envoy's reasons end with details of the connection that differ from call to call.
    return reason === "" ? String(code) : `${code} ${beginning(reason, 120)}`;
}
