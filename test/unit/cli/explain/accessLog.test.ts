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
                caller: "",
            },
        ]);
    });

    it("reads the audit log, whose host of a passthrough call is the name in its TLS", () => {
        const line = {
            time: FIELDS.start_time,
            caller: "spiffe://cluster.local/ns/payments/sa/billing",
            status: 403,
            flags: "-",
            details: "rbac_access_denied_matched_policy[none]",
            failure: null,
            host: "api.partner.example",
            serverName: "outbound_.443_._.egress",
            path: "/status",
        };
        const call = {
            time: FIELDS.start_time,
            status: 403,
            flags: [],
            details: line.details,
            failure: "",
            host: "api.partner.example",
            path: "/status",
            caller: line.caller,
        };
        assert.deepEqual(readAccessLog(JSON.stringify(line)), [call]);
        const passthrough = { ...line, status: 0, host: null, path: null, serverName: "tls.partner.example" };
        assert.deepEqual(readAccessLog(JSON.stringify(passthrough)), [
            { ...call, status: 0, host: "tls.partner.example", path: "" },
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
