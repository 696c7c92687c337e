import { FAILURE_HEADER } from "../../plan/egress/route/failureHeader";
import { proxyPage } from "../../lab/proof/proxy";
import { waitFor } from "../../lab/proof/cluster";
import { issue, keyPem } from "../../test/support/certificates";
import { restart, rolledOut } from "../stage/faults";
import { CREDENTIAL, GATEWAY, SIDES } from "../stage/places";
import type { Scenario } from "../scenario";

const HOUR = 3_600_000;

export const certificateExpired: Scenario = {
    name: "certificate-expired",
    what: "the gateway's client certificate has expired 25 h ago, because nobody could renew it, and the gateway starts anew",
    promised: {
        text: "calls fail, a metric of the gateway says that a certificate has expired, and `pulumi up --refresh` repairs it",
        failed: Infinity,
    },
    run: async (stage) => {
        const { cluster, partner } = stage;
        const findings: Record<string, string> = {};
        const report = await stage.underLoad(async () => {
            const validity = {
                notBefore: new Date(Date.now() - 48 * HOUR),
                notAfter: new Date(Date.now() - 25 * HOUR),
            };
            const expired = await issue({ subject: "CN=client", issuer: partner.pki.ca, usage: "client", ...validity });
            const stringData = { "tls.crt": expired.certificate, "tls.key": keyPem(expired.key) };
            const metadata = { name: CREDENTIAL, namespace: GATEWAY.namespace };
            await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData });
            await restart(cluster, GATEWAY);
            await rolledOut(cluster, GATEWAY);
            findings["in the answer"] = await waitFor("a reason in the answer", 30, async () => {
                const command = ["curl", "-s", "-o", "/dev/null", "-w", `%{http_code} %header{${FAILURE_HEADER}}`];
                const { stdout } = await cluster.exec(stage.callers[0], [...command, `http://${SIDES.ours}/`]);
                return stdout.startsWith("200") ? undefined : stdout.trim().slice(0, 120);
            });
            const [pod] = await stage.gatewayPods();
            const lines = (await cluster.logs(pod)).split("\n").filter((line) => /EXPIRED|expired/.test(line));
            findings["in the gateway's log"] =
                /[A-Z_:]*EXPIRED[A-Z_]*|certificate has expired/.exec(lines[0] ?? "")?.[0] ?? "NOTHING";
            const stats = await proxyPage(cluster, pod, "stats?filter=days_until_first_cert_expiring");
            findings["in the gateway's metrics"] = stats.trim().split("\n")[0];
            await stage.stack.up({ refresh: true });
            await waitFor("calls to be answered again", 60, async () => (await stage.status(SIDES.ours)) === 200);
        });
        return { ours: report.ours, findings };
    },
};
