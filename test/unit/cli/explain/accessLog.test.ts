import assert from "node:assert/strict";
import { readAccessLog } from "../../../../cli/explain/accessLog";

const FIELDS = {
    start_time: "2026-11-25T20:00:00.000Z",
    method: "GET",
    path: "/status?x",
    response_code: 503,
    response_flags: "URX,UF",
    response_code_details: "upstream_reset_before_response_started{remote_connection_failure}",
    upstream_transport_failure_reason: "delayed connect error: Connection refused",
    authority: "api.partner.example:80",
    upstream_cluster: null,
};

describe("readAccessLog", () => {
    it("reads JSON, as the mesh of this package writes it, like the text of others", () => {
        assert.deepEqual(readAccessLog(`2026-11-25 info cache\n${JSON.stringify(FIELDS)}\n`), [
            {
                time: "2026-11-25T20:00:00.000Z",
                status: 503,
                flags: ["URX", "UF"],
                details: FIELDS.response_code_details,
                failure: "delayed_connect_error:_Connection_refused",
                host: "api.partner.example",
                path: "/status?x",
            },
        ]);
    });

    it("takes no flags and no reason for none, and leaves out what is no call", () => {
        const [call] = readAccessLog(
            JSON.stringify({
                ...FIELDS,
                response_code: 200,
                response_flags: "-",
                upstream_transport_failure_reason: null,
            }),
        );
        assert.deepEqual([call.flags, call.failure], [[], ""]);
        assert.deepEqual(readAccessLog('{"level":"info"}\n{"response_code":\n{}'), []);
    });
});
