import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt } from "../../lab/command";
import { egressAlerts } from "../../plan/observability/egressAlerts";
import { machine } from "../support/machine";

const OPTIONS = {
    name: "alerts",
    namespace: "monitoring",
    labels: {},
    gatewayNamespace: "istio-egress",
    objective: 99.9,
    leastFailures: 10,
    quietHours: 2,
    warningHours: 720,
    lastHours: 168,
};
const HOST = "api.partner.example";
const HERE = 'namespace="istio-egress",pod="egress-0"';
const CLUSTER = `cluster_name="outbound|80||${HOST}",egress_host="${HOST}"`;
const SECRET = "envoy_cluster_ssl_certificate_kubernetes___partner_expiration_unix_time_seconds";

interface Case {
    what: string;
    /** Series by name and labels, in promtool's notation of values, a minute apart. */
    series: Record<string, string>;
    /** When the alerts are looked at. */
    at: string;
    /** Alerts that fire then, with their severity, and no others. */
    firing: string[];
}

const calls = (code: string, values: string, where = HERE) => ({
    [`envoy_cluster_upstream_rq{${where},${CLUSTER},response_code_class="${code}"}`]: values,
});
const live = { [`envoy_server_live{${HERE}}`]: "1x6000" };

const CASES: Case[] = [
    { what: "calls that work", series: { ...live, ...calls("2xx", "0+60x6000") }, at: "5h", firing: [] },
    {
        what: "a partner that fails 10 % of many calls",
        series: { ...live, ...calls("2xx", "0+54x6000"), ...calls("5xx", "0+6x6000") },
        at: "2h",
        firing: [
            "EgressCallsFail critical",
            "EgressCallsFail critical",
            "EgressCallsFail warning",
            "EgressCallsFail warning",
        ],
    },
    {
        what: "a partner that slowly fails more than it may",
        series: { ...live, ...calls("2xx", "0+598x6000"), ...calls("5xx", "0+2x6000") },
        at: "40h",
        firing: ["EgressCallsFail warning", "EgressCallsFail warning"],
    },
    {
        what: "few failures of few calls",
        series: { ...live, ...calls("2xx", "0 1x100"), ...calls("5xx", "0 1 2x100") },
        at: "30m",
        firing: [],
    },
    {
        what: "failures that are over",
        series: { ...live, ...calls("2xx", "0+60x6000"), ...calls("5xx", "0+60x10 600x6000") },
        at: "30h",
        firing: [],
    },
    {
        what: "another namespace's gateway",
        series: { ...live, ...calls("5xx", "0+60x6000", 'namespace="other",pod="other-0"') },
        at: "2h",
        firing: [],
    },
    { what: "no gateway", series: calls("2xx", "0+60x2 _x60"), at: "20m", firing: ["EgressGatewayNotReady critical"] },
    {
        what: "a gateway that is not live",
        series: { [`envoy_server_live{${HERE}}`]: "0x100" },
        at: "20m",
        firing: ["EgressGatewayNotReady critical"],
    },
    {
        what: "a gateway that waits for a credential",
        series: { ...live, [`envoy_server_state{${HERE}}`]: "3x100" },
        at: "20m",
        firing: ["EgressGatewayStarting warning"],
    },
    {
        what: "rejected configuration",
        series: { ...live, [`envoy_listener_manager_lds_update_rejected{${HERE}}`]: "0x10 1x100" },
        at: "14m",
        firing: ["EgressConfigRejected critical"],
    },
    {
        what: "a host that nobody calls any more",
        series: { ...live, ...calls("2xx", "0+60x120 7200x6000") },
        at: "5h",
        firing: ["EgressNoTraffic warning"],
    },
    {
        what: "a host that nobody calls since the gateway started anew",
        series: { ...live, ...calls("2xx", "0+60x120 _x6000") },
        at: "5h",
        firing: ["EgressNoTraffic warning"],
    },
    {
        what: "a credential with 20 days",
        series: { ...live, [`${SECRET}{${HERE},${CLUSTER}}`]: `${20 * 86_400}x6000` },
        at: "3h",
        firing: ["EgressCredentialExpiresSoon warning"],
    },
    {
        what: "a credential with 2 days",
        series: { ...live, [`${SECRET}{${HERE},${CLUSTER}}`]: `${2 * 86_400}x6000` },
        at: "3h",
        firing: ["EgressCredentialExpires critical", "EgressCredentialExpiresSoon warning"],
    },
    ...["error", "san"].map((reason) => ({
        what: `a server that is refused: ${reason}`,
        series: { ...live, [`envoy_cluster_ssl_fail_verify_${reason}{${HERE},${CLUSTER}}`]: "0x10 1x100" },
        at: "14m",
        firing: ["EgressServerRefused critical"],
    })),
];

describe("alerts, judged by Prometheus' own promtool", function () {
    let promtool: string;
    let folder: string;

    before(async function () {
        promtool = (await machine.tool(this, "promtool")).path;
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-alerts-"));
        await write("rules.json", { groups: egressAlerts(OPTIONS).spec.groups });
    });

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    // JSON is YAML too.
    function write(file: string, content: unknown): Promise<void> {
        return writeFile(join(folder, file), JSON.stringify(content));
    }

    it("are rules that Prometheus takes", async () => {
        const { exitCode, stdout, stderr } = await attempt(promtool, ["check", "rules", "rules.json"], { cwd: folder });
        assert.equal(exitCode, 0, stderr);
        assert.match(stdout, /SUCCESS: \d+ rules found/);
    });

    for (const { what, series, at, firing } of CASES) {
        it(`${firing.length === 0 ? "keep quiet about" : "tell of"} ${what}`, async () => {
            const names = [
                ...new Set(
                    egressAlerts(OPTIONS).spec.groups.flatMap(({ rules }) =>
                        rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])),
                    ),
                ),
            ];
            // promtool compares labels and texts; what fires is asked for as a series of Prometheus' own.
            const samples = [...new Set(firing)].map((one) => {
                const [alert, severity] = one.split(" ");
                const times = firing.filter((other) => other === one).length;
                return { labels: `{alertname="${alert}",severity="${severity}"}`, value: times };
            });
            await write("tests.json", {
                rule_files: ["rules.json"],
                evaluation_interval: "1m",
                tests: [
                    {
                        interval: "1m",
                        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
                        promql_expr_test: [
                            {
                                expr: `count by (alertname, severity) (ALERTS{alertstate="firing",alertname=~"${names.join("|")}"})`,
                                eval_time: at,
                                exp_samples: samples,
                            },
                        ],
                    },
                ],
            });
            const { exitCode, stdout, stderr } = await attempt(promtool, ["test", "rules", "tests.json"], {
                cwd: folder,
            });
            assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
        });
    }
});
