import assert from "node:assert/strict";
import { callsIn } from "../../../chaos/vegetaResults";

/** As lib/results.go of tsenart/vegeta 12.12.0 writes a result. */
function json(changes: Record<string, unknown>): string {
    return JSON.stringify({
        ...{ attack: "ours/get", seq: 7, code: 503, timestamp: "2026-11-26T04:00:00.123456789Z", latency: 25_000_000 },
        ...{ bytes_out: 0, bytes_in: 4, error: "503 Service Unavailable", body: null, method: "GET", url: "u" },
        headers: null,
        ...changes,
    });
}

describe("the results of the load", () => {
    it("have a short line for each 200", () => {
        const [call] = callsIn("1764129600123456789,2500000,ours/post\n");
        assert.equal(call.stream, "ours/post");
        assert.equal(call.milliseconds, 2.5);
        assert.equal(Math.round(call.at), 1764129600123);
        assert.equal(call.failure, undefined);
    });

    it("say why a call failed: the gateway's own reason, else the first line of the body", () => {
        const body = Buffer.from("upstream connect error\nmore\n").toString("base64");
        const failures = callsIn(
            [
                json({ headers: { "X-Egress-Failure": ["delayed connect error: 111"] }, body }),
                json({ body }),
                json({ code: 504, body: null }),
            ].join("\n"),
        ).map(({ failure }) => failure);
        assert.deepEqual(failures, ["503 delayed connect error: 111", "503 upstream connect error", "504"]);
    });

    it("say what kept a call from an answer, without whom", () => {
        const why = (error: string) => callsIn(json({ code: 0, error }))[0].failure;
        assert.equal(why('Get "http://a.example/?1": EOF'), "no answer: EOF");
        assert.equal(
            why(
                'Get "http://a.example/?1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
            ),
            "no answer: time is up",
        );
        assert.equal(
            why('Get "http://a.example/": dial tcp 10.0.0.1:80: connect: connection refused'),
            "no answer: connection refused",
        );
    });
});
