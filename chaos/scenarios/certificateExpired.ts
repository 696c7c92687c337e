import { waitFor } from "../../lab/proof/cluster";
import { issue, keyPem } from "../../test/support/certificates";
import { StrictServer } from "../partner/strictServer";
import { restart, rolledOut } from "../stage/faults";
import { CREDENTIAL, GATEWAY, SIDES, STRICT_HOST } from "../stage/places";
import { PARTNER_ADDRESSES } from "../stage/partnerAddresses";
import { Reasons, reasonsFor, judgedReasons } from "../stage/reasons";
import { pause } from "../stage/pause";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

const HOUR = 3_600_000;

/** A client certificate that the partner's CA issued, with an end so many hours from now. */
async function clientUntil({ partner }: Stage, hours: number) {
    const validity = { notBefore: new Date(Date.now() - 48 * HOUR), notAfter: new Date(Date.now() + hours * HOUR) };
    const client = await issue({ subject: "CN=client", issuer: partner.pki.ca, usage: "client", ...validity });
    return { certificate: client.certificate, privateKey: keyPem(client.key) };
}

export const certificateExpired: Scenario = {
    name: "certificate-expired",
    what: "the gateway's client certificate has expired 25 h ago, because nobody could renew it, and the gateway starts anew",
    promised: {
        text: "calls fail; a metric, the log at a level that can be set meanwhile, and `explain` say why; `pulumi up --refresh` repairs it",
        failed: Infinity,
    },
    run: async (stage) => {
        const { cluster, partner } = stage;
        const strict = await StrictServer.start(partner.pki.ca, STRICT_HOST, PARTNER_ADDRESSES[0]);
        let findings: Reasons | undefined;
        try {
            const report = await stage.underLoad(async () => {
                const expired = await clientUntil(stage, -25);
                const stringData = { "tls.crt": expired.certificate, "tls.key": expired.privateKey };
                const metadata = { name: CREDENTIAL, namespace: GATEWAY.namespace };
                await cluster.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData });
                await restart(cluster, GATEWAY);
                await rolledOut(cluster, GATEWAY);
                findings = await reasonsFor(stage, STRICT_HOST);
                await stage.stack.up({ refresh: true });
                await waitFor("calls to be answered again", 60, async () => (await stage.status(SIDES.ours)) === 200);
            });
            const places = ["debugLog", "metrics", "explain"] as const;
            const judged = judgedReasons(findings!, places);
            const expired = /is in -\d/.test(findings!.metrics) && /expired/.test(findings!.explain);
            const missed = expired ? [] : ["metrics or explain do not say that it has expired"];
            return { ours: report.ours, ...judged, missed: [...judged.missed, ...missed] };
        } finally {
            await strict.stop();
        }
    },
};

export const clockAhead: Scenario = {
    name: "partner-clock-ahead",
    what: "the clock of a partner is 25 h ahead, and the client certificate ends in 20 h",
    promised: {
        text: "0 failed calls of other hosts; the log at a level that can be set meanwhile says why this partner's calls fail",
    },
    run: async (stage) => {
        await stage.change({ client: await clientUntil(stage, 20) });
        const strict = await StrictServer.start(stage.partner.pki.ca, STRICT_HOST, PARTNER_ADDRESSES[0], 25);
        let findings: Reasons | undefined;
        try {
            const report = await stage.underLoad(async () => {
                await pause(5);
                findings = await reasonsFor(stage, STRICT_HOST);
            });
            return { ours: report.ours, ...judgedReasons(findings!, ["debugLog"]) };
        } finally {
            await strict.stop();
            await stage.restore();
        }
    },
};
