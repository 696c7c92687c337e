import assert from "node:assert/strict";
import { EgressEnvironment, EgressEnvironmentArgs, Pki, PolicyEngine } from "../../../../components";
import { Recorded, Recorder, record, refusedPaths, run, valueOf } from "../../../support/mocks";
import { egressAlerts } from "../../../../plan/observability/egressAlerts";
import { PrometheusRule } from "../../../../plan/pki/certificateAlerts";
import { issue, keyPem } from "../../../support/certificates";

const good: EgressEnvironmentArgs = {
    mesh: { charts: { repository: "https://charts.example" } },
    server: { hosts: ["mtls.partner.example"] },
    callerNamespaces: ["payments"],
    routes: [
        {
            name: "partner",
            hosts: ["mtls.partner.example"],
            allowFrom: [{ namespace: "payments", serviceAccounts: ["default"] }],
            clientName: "payments.example",
        },
    ],
    probe: { namespace: "payments", expectedText: "Welcome" },
};

const soon = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 90 * 86_400_000) };

async function make(args: EgressEnvironmentArgs, options?: { preview: boolean }) {
    const recorder = await record(options);
    const environment = await run(recorder, () => new EgressEnvironment("egress", args));
    return { recorder, environment };
}

/** Whether `later` waits for `earlier`, itself, through others or because its parent does. */
function waitsFor(recorder: Recorder, later: string, earlier: string): boolean {
    const goal = recorder.named(earlier).urn;
    const seen = new Set<string>();
    const before = ({ parent, dependencies }: Recorded) => [parent, ...dependencies];
    const open = before(recorder.named(later));
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
        if (urn === goal) {
            return true;
        }
        if (!seen.has(urn)) {
            seen.add(urn);
            open.push(...recorder.resources.filter((resource) => resource.urn === urn).flatMap(before));
        }
    }
    return false;
}

describe("EgressEnvironment", function () {
    // Keys, or a shell a run: slow on a busy machine.
    this.timeout(60_000);

    for (const preview of [true, false]) {
        it(`parents every child to its component and names it after it (${preview ? "preview" : "update"})`, async () => {
            const { recorder } = await make(good, { preview });
            const byUrn = new Map(recorder.resources.map((resource) => [resource.urn, resource]));
            assert.equal(byUrn.size, recorder.resources.length, "no two of one name");
            for (const { name, parent } of recorder.resources.filter(({ name }) => name !== "egress")) {
                const owner = byUrn.get(parent);
                assert.ok(owner && !owner.custom, `${name} has a component for a parent`);
                assert.ok(name.startsWith(`${owner.name}-`), `${name} is named after ${owner.name}`);
            }
        });

        it(`registers the outputs of every component once (${preview ? "preview" : "update"})`, async () => {
            const { recorder } = await make(good, { preview });
            const components = recorder.resources.filter(({ custom }) => !custom);
            assert.equal(components.length, 8);
            for (const { name, urn } of components) {
                assert.equal(recorder.outputs.get(urn), 1, name);
            }
        });
    }

    it("makes the same resources in a preview as in an update", async () => {
        const names = async (preview: boolean) => {
            const { recorder } = await make(good, { preview });
            return recorder.resources.map(({ type, name }) => `${type} ${name}`).sort();
        };
        assert.deepEqual(await names(true), await names(false));
    });

    it("goes from base to istiod to the gateway to the routes to the probe", async () => {
        const { recorder } = await make(good);
        const order = [
            "egress-mesh-namespace",
            "egress-mesh-base",
            "egress-mesh-istiod",
            "egress-gateway-release",
            "egress-partner-virtual-service",
            "egress-partner-service-entry",
            "egress-partner-probe-job",
        ];
        order.slice(1).forEach((later, index) => assert.ok(waitsFor(recorder, later, order[index]), later));
        assert.ok(waitsFor(recorder, "egress-payments", "egress-mesh-istiod"), "callers get a sidecar");
        assert.ok(waitsFor(recorder, "egress-partner-probe-job", "egress-payments"));
        assert.ok(waitsFor(recorder, "egress-partner-service-entry", "egress-partner-credential-secret"));
        assert.ok(
            !waitsFor(recorder, "egress-mesh-base", "egress-chain-root-1"),
            "and not everything after everything",
        );
    });

    it("keeps every private key a secret wherever it goes", async () => {
        const { recorder } = await make(good);
        const holding = recorder.resources.filter(({ inputs }) => JSON.stringify(inputs).includes("PRIVATE KEY"));
        assert.ok(holding.length > 0);
        for (const { name, inputs, secrets } of holding) {
            const clear = Object.keys(inputs).filter((key) => !secrets.includes(key));
            // The mocks' own form of a certificate request holds the key; the real one does not.
            const open = clear.filter(
                (key) => key !== "certRequestPem" && JSON.stringify(inputs[key]).includes("PRIVATE KEY"),
            );
            assert.deepEqual(open, [], name);
        }
    });

    it("leads a route to the environment's own server, and only that one", async () => {
        const now = Date.now();
        const validity = { notBefore: new Date(now - 60_000), notAfter: new Date(now + 3_600_000) };
        const { certificate } = await issue({ subject: "CN=Partner CA", ca: true, ...validity });
        const far = { ...good.routes[0], name: "real", hosts: ["real.example"], serverCa: certificate };
        const { recorder, environment } = await make({ ...good, routes: [good.routes[0], far] });
        const endpoints = (name: string) =>
            (recorder.named(`egress-${name}-service-entry`).inputs.spec as { endpoints?: unknown }).endpoints;
        assert.deepEqual(endpoints("partner"), [{ address: "egress-server.mesh-external.svc.cluster.local" }]);
        assert.equal(endpoints("real"), undefined);
        assert.deepEqual(await valueOf(environment.hosts), {
            partner: ["mtls.partner.example"],
            real: ["real.example"],
        });
    });

    it("has metrics, a dashboard and alerts on request, of the gateway that it makes", async () => {
        const { recorder, environment } = await make({
            ...good,
            gateway: { namespace: "own-egress", gatewayName: "own" },
            metrics: { labels: { release: "prometheus" }, dashboard: true },
            alerts: { namespace: "monitoring", labels: { release: "prometheus" }, objective: 99, warningHours: 400 },
        });
        const { spec } = recorder.named("egress-alerts-rule").inputs as unknown as PrometheusRule;
        const [options, numbers] = [
            { name: "egress-alerts", namespace: "monitoring", labels: {}, gatewayNamespace: "own-egress" },
            { objective: 99, leastFailures: 10, quietHours: 2, warningHours: 400, lastHours: 168 },
        ];
        assert.deepEqual(spec, egressAlerts({ ...options, ...numbers }).spec);
        const monitor = recorder.named("egress-metrics-monitor").inputs as { metadata: object };
        assert.deepEqual(monitor.metadata, {
            name: "egress-metrics",
            namespace: "own-egress",
            labels: { release: "prometheus" },
        });
        assert.ok(recorder.named("egress-metrics-dashboard"));
        assert.match(await valueOf(environment.scrapeConfig), /"own-egress\/own"/);
        const { recorder: without, environment: plain } = await make(good);
        assert.deepEqual(
            without.resources.filter(({ name }) => /metrics|alerts/.test(name)),
            [],
        );
        assert.equal(await valueOf(plain.scrapeConfig), "");
    });

    it("refuses alerts on metrics that nobody reads, and numbers that are none", async () => {
        const refused = (args: Partial<EgressEnvironmentArgs>) =>
            refusedPaths(() => new EgressEnvironment("egress", { ...good, ...args }));
        assert.deepEqual(await refused({ alerts: {} }), ["metrics"]);
        await make({ ...good, metrics: { operator: "none" }, alerts: {} });
        assert.deepEqual(await refused({ metrics: { intervalSeconds: 0 }, alerts: { objective: 100, lastHours: 0 } }), [
            "metrics.intervalSeconds",
            "alerts.objective",
            "alerts.lastHours",
        ]);
    });

    it("shows the partner the client's own name", async () => {
        const { recorder } = await make(good);
        const { subject } = recorder.named("egress-chain-client-partner-request").inputs;
        assert.deepEqual(subject, { commonName: "payments.example", organization: "mesh-egress" });
    });

    it("labels callers' namespaces for injection, by the revision where there is one", async () => {
        const labels = async (revision?: string) => {
            const { recorder } = await make({ ...good, mesh: { ...good.mesh, revision } });
            return (recorder.named("egress-payments").inputs.metadata as { labels: unknown }).labels;
        };
        assert.deepEqual(await labels(), { "istio-injection": "enabled" });
        assert.deepEqual(await labels("canary"), { "istio.io/rev": "canary" });
    });

    it("probes only what the probe may call", async () => {
        const other = { ...good.routes[0], name: "other", hosts: ["b.example"], allowFrom: [{ namespace: "other" }] };
        const server = { hosts: ["mtls.partner.example", "b.example"] };
        const { recorder } = await make({ ...good, server, routes: [good.routes[0], other] });
        assert.deepEqual(
            recorder.ofType("mesh-egress:index:EgressProbe").map(({ name }) => name),
            ["egress-partner-probe"],
        );
    });

    it("probes every host of a route, but for wildcards, whose hosts nobody knows", async () => {
        const hosts = ["mtls.partner.example", "b.partner.example"];
        const { certificate: serverCa } = await issue({ ...soon, subject: "CN=CA", ca: true });
        const wild = {
            ...good.routes[0],
            name: "wild",
            hosts: ["*.wild.example"],
            clientName: "wild.example",
            serverCa,
        };
        const routes = [{ ...good.routes[0], hosts }, wild];
        const { recorder } = await make({ ...good, server: { hosts }, routes });
        assert.deepEqual(
            recorder.ofType("mesh-egress:index:EgressProbe").map(({ name, inputs }) => [name, inputs.host]),
            [
                ["egress-partner-probe", "mtls.partner.example"],
                ["egress-partner-probe-2", "b.partner.example"],
            ],
        );
    });

    const route = good.routes[0];
    const bad: [what: string, change: Partial<EgressEnvironmentArgs>, paths: string[]][] = [
        [
            "a wildcard of a public suffix",
            { routes: [{ ...route, hosts: ["mtls.partner.example", "*.example"] }] },
            ["routes[0].hosts[1]", "routes[0].serverCa"],
        ],
        ["one host in two routes", { routes: [route, { ...route, name: "second" }] }, ["routes[1].hosts[0]"]],
        [
            "one host twice in a route",
            { routes: [{ ...route, hosts: [...route.hosts, ...route.hosts] }] },
            ["routes[0].hosts[1]"],
        ],
        ["the gateway in the mesh's root namespace", { gateway: { namespace: "istio-system" } }, ["gateway.namespace"]],
        [
            "a renewal window not shorter than the validity",
            { certificates: { leaf: { validityHours: 24, renewalHours: 24 } } },
            ["certificates.leaf.renewalHours"],
        ],
        ["a route named -cacert", { routes: [{ ...route, name: "partner-cacert" }] }, ["routes[0].name"]],
        ["a missing CA of a partner", { server: undefined }, ["routes[0].serverCa"]],
        ["a probe that nothing allows", { probe: { namespace: "other" } }, ["probe.serviceAccount"]],
    ];
    for (const [what, change, paths] of bad) {
        it(`refuses ${what} before anything is registered`, async () => {
            for (const preview of [true, false]) {
                const make = () => new EgressEnvironment("egress", { ...good, ...change });
                assert.deepEqual(await refusedPaths(make, { preview }), paths);
            }
        });
    }

    it("leaves the certificates to cert-manager when it is told to", async () => {
        const { recorder } = await make({ ...good, pki: Pki.CertManager }, { preview: true });
        assert.deepEqual(recorder.ofType("tls:index/privateKey:PrivateKey"), []);
        // Another authority issues the server's certificate.
        const ca = recorder.named("egress-partner-credential-secret").inputs as { metadata: { name: string } };
        assert.equal(ca.metadata.name, "partner-cacert");
        const { metadata } = recorder.named("egress-chain-client-partner").inputs as { metadata: { name: string } };
        assert.equal(metadata.name, "partner");
    });

    it("gives a partner's own CA to the gateway beside a certificate of cert-manager", async () => {
        const foreign = (await issue({ subject: "CN=Partner", ca: true, ...soon })).certificate;
        const routes = [{ ...good.routes[0], serverCa: foreign }];
        const { recorder } = await make({ ...good, routes, pki: Pki.CertManager }, { preview: true });
        const { metadata } = recorder.named("egress-partner-credential-secret").inputs as {
            metadata: { name: string };
        };
        assert.equal(metadata.name, "partner-cacert");
    });

    it("takes a client certificate that a route brings along, and makes none for it", async () => {
        const root = await issue({ subject: "CN=Root", ca: true, ...soon });
        const client = await issue({ subject: "CN=own", issuer: root, ...soon });
        const own = { certificate: client.certificate, privateKey: keyPem(client.key), clientCa: root.certificate };
        const { recorder } = await make({ ...good, routes: [{ ...good.routes[0], ...own }] });
        const { data } = recorder.named("egress-partner-credential-secret").inputs as { data: Record<string, string> };
        assert.equal(Buffer.from(data["tls.crt"], "base64").toString(), client.certificate);
        assert.ok(!recorder.resources.some(({ name }) => name.startsWith("egress-chain-client")));
        const clear = recorder.resources.filter(
            ({ secrets, inputs }) => secrets.length === 0 && JSON.stringify(inputs).includes("PRIVATE KEY"),
        );
        assert.deepEqual(clear, []);
    });

    it("locks namespaces down with its gateway, mesh and routes, before a probe calls from there", async () => {
        const lockdown = {
            namespaces: ["payments", "idle"],
            policyEngine: PolicyEngine.Calico,
            gatewayEgress: [{ range: "203.0.113.0/24" }],
            imageRegistries: ["registry.example"],
        };
        const mesh = { ...good.mesh, hub: "registry.example/istio" };
        const { recorder } = await make({ ...good, mesh, callerNamespaces: [], lockdown });
        const policy = JSON.stringify(recorder.named("egress-lockdown-gateway-network-policy").inputs);
        assert.match(policy, /"ingress":\[\{"from":\[\{"namespaceSelector".*"payments"/);
        assert.doesNotMatch(policy, /"idle"/);
        assert.match(
            JSON.stringify(recorder.named("egress-lockdown-workloads").inputs),
            /registry\.example\/istio\/proxyv2:/,
        );
        assert.ok(waitsFor(recorder, "egress-partner-probe-job", "egress-lockdown-payments-network-policy"));
        assert.ok(waitsFor(recorder, "egress-lockdown-check", "egress-mesh-istiod"));
        const twice = { ...good, lockdown };
        assert.deepEqual(await refusedPaths(() => new EgressEnvironment("egress", twice)), ["lockdown.namespaces[0]"]);
    });
});
