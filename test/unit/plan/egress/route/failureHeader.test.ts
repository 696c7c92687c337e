import assert from "node:assert/strict";
import fc from "fast-check";
import { FAILURE_REASON } from "../../../../../plan/egress/route/failureHeader";

/** The value for a reason, as CEL computes it: its comparisons and its conditional are those of JavaScript for these texts. */
function told(reason: string): string {
    const [, expression] = /^%CEL\((.*)\)%$/.exec(FAILURE_REASON) ?? [];
    const upstream = { transport_failure_reason: reason };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is this package's own
    return (new Function("upstream", `return ${expression}`) as (value: typeof upstream) => string)(upstream);
}

const VERIFY = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";

describe("the reason that callers are told", () => {
    it("repeats no name of a partner's certificate, whatever is in it", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), fc.string(), (name, rest) => {
                const reason = `${VERIFY}:verify cert failed: SAN matcher, certificate SANs are [${name}]${rest}`;
                assert.equal(told(reason), `${VERIFY}:SAN_matcher`);
            }),
        );
    });

    it("is Envoy's own where no partner chose a part of it", () => {
        const reasons = [
            "",
            "delayed connect error: Connection refused",
            "TLS_error:|268436501:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED:TLS_error_end",
            `${VERIFY}:verify cert failed: X509_verify_cert: certificate verification error at depth 0: self signed certificate`,
            "Secret is not supplied by SDS",
        ];
        for (const reason of reasons) {
            assert.equal(told(reason), reason);
        }
    });

    it("has one function with one bracket, as Istio's validation takes it, and no quote or escape", () => {
        assert.match(FAILURE_REASON, /^%CEL\([^()%"\\]*\)%$/);
    });
});
