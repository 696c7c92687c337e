import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes/provider";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { CertificateChain, EgressRoute } from "../../components";
import { openStack } from "../../lab/engine";
import { previewReport } from "../../report";
import { pretendUpdated } from "../support/deployment";
import { EngineSetup, machine } from "../support/machine";
import { noCluster } from "../support/noCluster";

const CLUSTER = { kubeconfig: noCluster("a-token-that-nobody-may-see") };

const GATEWAY = { gatewayName: "egress", namespace: "istio-egress" };

interface Route {
    credential: string;
    serviceAccounts: string[];
}

function routes(all: Record<string, Route>) {
    return () => {
        const cluster = new Provider("cluster", CLUSTER);
        for (const [host, { credential, serviceAccounts }] of Object.entries(all)) {
            new EgressRoute(
                host.split(".")[0],
                {
                    hosts: [host],
                    gateway: GATEWAY,
                    credential,
                    allowFrom: [{ namespace: "payments", serviceAccounts }],
                },
                { providers: [cluster] },
            );
        }
        return Promise.resolve();
    };
}

function chain(reissue: string) {
    return () => {
        new CertificateChain("chain", { clients: [{ name: "partner", reissue }] });
        return Promise.resolve();
    };
}

describe("a report of previews by the real engine", function () {
    let setup: EngineSetup;
    let stateDir: string;

    before(async function () {
        setup = await machine.engine(this);
        stateDir = await mkdtemp(join(tmpdir(), "mesh-egress-report-"));
    });

    after(async () => {
        if (stateDir) {
            await rm(stateDir, { recursive: true });
        }
    });

    const open = (name: string, program: () => Promise<void>): Promise<Stack> =>
        openStack({ ...setup, name, project: "mesh-egress", program, stateDir, passphrase: "only for this test" });

    const preview = async (stack: Stack): Promise<EngineEvent[]> => {
        const events: EngineEvent[] = [];
        await stack.preview({ onEvent: (event) => void events.push(event) });
        return events;
    };

    const markdownOf = (events: EngineEvent[]) => {
        const { markdown, html } = previewReport(events, { stack: "routes", now: new Date() });
        assert.doesNotMatch(markdown + html, /a-token-that-nobody-may-see|PRIVATE KEY/);
        return markdown;
    };

    const billing = { credential: "partner-a", serviceAccounts: ["billing"] };
    const present = { "old.partner.example": billing, "api.partner.example": billing, "same.partner.example": billing };

    it("has the hosts of a first update", async () => {
        const markdown = markdownOf(await preview(await open("first", routes(present))));
        assert.match(markdown, /Hosts: 3 added\. /);
        assert.match(
            markdown,
            /^- `\+ api\.partner\.example`: mTLS, certificate `partner-a`, callers `payments\/billing`, port `443`$/m,
        );
    });

    it("tells one host that is added, one that is removed and one that changes, and no other", async () => {
        const first = await open("hosts", routes(present));
        await pretendUpdated(first, await preview(first), { "::cluster": CLUSTER });
        const next = {
            "new.partner.example": billing,
            "api.partner.example": { credential: "partner-b", serviceAccounts: ["billing", "refunds"] },
            "same.partner.example": billing,
        };
        const markdown = markdownOf(await preview(await open("hosts", routes(next))));
        const hosts = markdown.split("### Hosts\n\n")[1]?.split("\n\n")[0].split("\n");
        assert.deepEqual(hosts, [
            "- `- old.partner.example`: mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
            "- `~ api.partner.example`: certificate `partner-a` → `partner-b`; " +
                "callers `payments/billing` → `payments/billing`, `payments/refunds`; DestinationRule (update); " +
                "AuthorizationPolicy (update)",
            "- `+ new.partner.example`: mTLS, certificate `partner-a`, callers `payments/billing`, port `443`",
        ]);
        assert.match(markdown, /^- `\+ api\.partner\.example`: opened: to `payments\/refunds`$/m);
        assert.match(markdown, /"same\.partner\.example"\]:::same/);
    });

    it("tells of a reissued certificate until when it and its successor last", async () => {
        const first = await open("rotation", chain("1"));
        await first.up();
        const markdown = markdownOf(await preview(await open("rotation", chain("2"))));
        assert.match(
            markdown,
            /^- `± chain-client-partner`: certificate, the present one lasts until [\d-]{10} [\d:]{5}Z, updated now, the new one lasts until about [\d-]{10} [\d:]{5}Z$/m,
        );
        assert.match(markdown, /new private key/);
    });
});
