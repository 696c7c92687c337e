import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes";
import {
    CredentialSource,
    EgressMode,
    EgressRoute,
    EgressRouteArgs,
    GatewayTransport,
    RouteVisibility,
} from "../../../../components";
import { failures, record, refusedPaths, run, unknownOutput, valueOf } from "../../../support/mocks";

const good: EgressRouteArgs = {
    gateway: { gatewayName: "egress-gateway", namespace: "istio-egress" },
    credential: "partner",
    hosts: ["api.partner.example", "www.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["default"] }],
};

const passing: EgressRouteArgs = {
    mode: EgressMode.Passthrough,
    gateway: good.gateway,
    hosts: good.hosts,
    allowFrom: good.allowFrom,
};

const sidecar: EgressRouteArgs = {
    mode: EgressMode.SidecarMutualTls,
    hosts: good.hosts,
    credential: "partner",
    allowFrom: good.allowFrom,
    workloadLabels: { app: "billing" },
};

describe("EgressRoute", () => {
    it("refuses an address inside the machine or the cluster at once", async () => {
        const bad = { ...good, address: "127.0.0.1" };
        assert.deepEqual(await refusedPaths(() => new EgressRoute("route", bad)), ["address"]);
    });

    it("refuses such an address too when it is known only later, and makes nothing", async () => {
        const recorder = await record();
        const late = { ...good, address: pulumi.output("169.254.169.254") };
        const [error] = await failures(recorder, () => new EgressRoute("route", late));
        assert.match(error.message, /address.*169\.254\.169\.254/);
        assert.ok(!recorder.resources.some(({ custom }) => custom));
    });

    it("makes a ServiceEntry, a VirtualService and a DestinationRule a host", async () => {
        const recorder = await record();
        const route = await run(recorder, () => new EgressRoute("partner", good));
        assert.deepEqual(
            recorder.resources.map(({ name }) => name).sort(),
            [
                "partner",
                "partner-api.partner.example",
                "partner-service-entry",
                "partner-virtual-service",
                "partner-www.partner.example",
            ].sort(),
        );
        assert.deepEqual(await valueOf(route.hosts), good.hosts);
        const rule = recorder.named("partner-www.partner.example").inputs;
        assert.deepEqual(rule.metadata, { name: "www-partner-example", namespace: "istio-egress" });
        assert.match(JSON.stringify(rule.spec), /"subjectAltNames":\["www.partner.example"\]/);
    });

    it("makes the host known last, after the way to the gateway, after the rules", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressRoute("partner", good));
        const names = (resource: string) =>
            recorder.resources
                .filter(({ urn }) => recorder.named(resource).dependencies.includes(urn))
                .map(({ name }) => name)
                .sort();
        const rules = ["partner-api.partner.example", "partner-www.partner.example"];
        assert.deepEqual(names("partner-virtual-service"), rules);
        assert.deepEqual(names("partner-service-entry"), ["partner-virtual-service"]);
        assert.ok(rules.every((rule) => names(rule).length === 0));
    });

    it("has 443, ten minutes, cluster.local and visibility for callers where nothing is said", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressRoute("partner", good));
        const all = JSON.stringify(recorder.resources.filter(({ custom }) => custom).map(({ inputs }) => inputs));
        assert.match(all, /"targetPort":443/);
        assert.match(all, /"maxConnectionDuration":"600s"/);
        assert.match(all, /spiffe:\/\/cluster\[\.\]local\/ns\/payments\/sa\/\(default\)/);
        const { spec } = recorder.named("partner-service-entry").inputs as { spec: { exportTo: string[] } };
        assert.deepEqual(spec.exportTo, [".", "payments"]);
    });

    it("keeps hosts out of sidecars where only the gateway shall have them", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressRoute("partner", { ...good, visibility: RouteVisibility.Gateway }));
        const { spec } = recorder.named("partner-service-entry").inputs as { spec: { exportTo: string[] } };
        assert.deepEqual(spec.exportTo, ["."]);
    });

    it("can be previewed before gateway and credential are known", async () => {
        const recorder = await record({ preview: true });
        const unknown = unknownOutput<string>();
        const gateway = { gatewayName: unknown, namespace: unknown };
        await run(recorder, () => new EgressRoute("partner", { ...good, gateway, credential: unknown }));
        assert.equal(recorder.resources.length, 5);
        assert.equal(recorder.named("partner-service-entry").inputs.kind, "ServiceEntry");
    });

    it("makes what its mode has, in the layers that keep a host from being called unprotected", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressRoute("own-tls", { ...passing, hosts: ["tls.partner.example"] }));
        const names = recorder.resources.map(({ name }) => name).sort();
        assert.deepEqual(names, [
            "own-tls",
            "own-tls-authorization",
            "own-tls-gateway",
            "own-tls-leg",
            "own-tls-service-entry",
            "own-tls-tls.partner.example",
            "own-tls-tls.partner.example-virtual-service",
        ]);
        const before = (name: string): string[] =>
            recorder.resources
                .filter(({ urn, custom }) => custom && recorder.named(name).dependencies.includes(urn))
                .flatMap((one) => [one.name, ...before(one.name)]);
        assert.equal(new Set(before("own-tls-service-entry")).size, 5);
    });

    it("gives pods the annotations that mount the credential where sidecars take it from files, else none", async () => {
        const recorder = await record();
        const route = await run(
            recorder,
            () =>
                new EgressRoute("files", {
                    ...sidecar,
                    allowFrom: [{ namespace: "payments" }],
                    credentialSource: CredentialSource.Files,
                }),
        );
        const annotations = await valueOf(route.podAnnotations);
        const [mount] = JSON.parse(annotations["sidecar.istio.io/userVolumeMount"]) as object[];
        assert.deepEqual(mount, {
            name: "mesh-egress-credential",
            mountPath: "/etc/mesh-egress/credentials/partner",
            readOnly: true,
        });
        assert.match(annotations["sidecar.istio.io/userVolume"], /"name":"partner","optional":true/);
        const sds = await record();
        const other = await run(sds, () => new EgressRoute("sds", sidecar));
        assert.deepEqual(await valueOf(other.podAnnotations), {});
    });

    it("shows each caller's own certificate where it is given one for each", async () => {
        const recorder = await record();
        const allowFrom = [{ namespace: "payments", serviceAccounts: ["billing", "reporting"] }];
        const credentials = ["billing", "reporting"].map((account) => ({
            namespace: "payments",
            serviceAccounts: [account],
            credential: pulumi.output(`${account}-client`),
        }));
        await run(
            recorder,
            () => new EgressRoute("partner", { ...good, credential: undefined, allowFrom, credentials }),
        );
        const rule = JSON.stringify(recorder.named("partner-api.partner.example").inputs);
        assert.match(
            rule,
            /"name":"credential-0".*"credentialName":"billing-client".*"credentialName":"reporting-client"/,
        );
        const preview = await record({ preview: true });
        const unknown = credentials.map((one) => ({ ...one, credential: unknownOutput<string>() }));
        await run(
            preview,
            () =>
                new EgressRoute("other", {
                    ...good,
                    hosts: ["x.example"],
                    credential: undefined,
                    allowFrom,
                    credentials: unknown,
                }),
        );
        assert.equal(preview.resources.length, 4);
        const nameless = credentials.map((one) => ({ ...one, credential: "" }));
        const bad = { ...good, credential: undefined, allowFrom, credentials: nameless };
        assert.deepEqual(await refusedPaths(() => new EgressRoute("third", bad)), [
            "credentials[0].credential",
            "credentials[1].credential",
        ]);
    });

    it("tells a lockdown who may call through the gateway, and nobody in modes that go past it", async () => {
        const [through, past] = await run(await record(), () => [
            new EgressRoute("partner", good),
            new EgressRoute("other", { ...sidecar, hosts: ["other.example"] }),
        ]);
        assert.deepEqual(await valueOf(through.callerNamespaces), ["payments"]);
        assert.deepEqual(await valueOf(past.callerNamespaces), []);
    });

    it("makes a service that stands for the host in each caller's namespace", async () => {
        const recorder = await record();
        const args: EgressRouteArgs = {
            mode: EgressMode.Direct,
            hosts: ["api.partner.example"],
            allowFrom: [{ namespace: "payments" }, { namespace: "orders" }],
            serviceName: "partner",
        };
        await run(recorder, () => new EgressRoute("named", args));
        const services = recorder.ofType("kubernetes:core/v1:Service");
        assert.deepEqual(
            services.map(({ inputs }) => inputs.metadata),
            [
                { name: "partner", namespace: "orders" },
                { name: "partner", namespace: "payments" },
            ],
        );
        assert.match(JSON.stringify(services[0].inputs.spec), /"externalName":"api.partner.example"/);
    });

    it("refuses what the gateway or the mesh does not have, as soon as they say so", async () => {
        const plaintext = {
            ...good,
            credential: undefined,
            mode: EgressMode.Http,
            gatewayTransport: GatewayTransport.Plaintext,
            allowFrom: [{ namespace: "a" }],
        };
        assert.deepEqual(await refusedPaths(() => new EgressRoute("x", plaintext)), ["gatewayTransport"]);
        const files = { ...good, credentialSource: CredentialSource.Files };
        assert.deepEqual(await refusedPaths(() => new EgressRoute("x", files)), ["credentialSource"]);
        const open: EgressRouteArgs = {
            mode: EgressMode.Direct,
            hosts: good.hosts,
            allowFrom: [{ namespace: "a" }],
            mesh: { outboundTrafficPolicy: "ALLOW_ANY" },
        };
        assert.deepEqual(await refusedPaths(() => new EgressRoute("x", open)), ["mesh"]);
    });

    it("refuses origination and passthrough of one host", async () => {
        const both = () => {
            new EgressRoute("origination", good);
            new EgressRoute("passthrough", { ...passing, hosts: [good.hosts[1]] });
        };
        assert.deepEqual(await refusedPaths(both), ["hosts[0]"]);
    });

    const bad: [what: string, change: Partial<EgressRouteArgs>, paths: string[]][] = [
        ["an empty host", { hosts: [""] }, ["hosts[0]"]],
        ["a malformed host", { hosts: ["a.example", "a_b.example"] }, ["hosts[1]"]],
        ["a wildcard of a public suffix", { hosts: ["*.co.uk"] }, ["hosts[0]"]],
        ["a wildcard at an unknown version of Istio", { hosts: ["*.partner.example"] }, ["gateway.istioVersion"]],
        ["an IPv4 address", { hosts: ["192.0.2.1"] }, ["hosts[0]"]],
        ["an IPv6 address", { hosts: ["2001:db8::1"] }, ["hosts[0]"]],
        ["no host", { hosts: [] }, ["hosts"]],
        ["one host twice", { hosts: ["a.example", "a.example"] }, ["hosts[1]"]],
        ["no caller", { allowFrom: [] }, ["allowFrom"]],
        ["a credential named -cacert", { credential: "partner-cacert" }, ["credential"]],
        ["a missing credential", { credential: "" }, ["credential"]],
        ["several things at once", { hosts: ["*"], port: 0 }, ["hosts[0]", "port"]],
    ];
    for (const [what, change, paths] of bad) {
        for (const preview of [true, false]) {
            it(`refuses ${what} before anything is registered (${preview ? "preview" : "update"})`, async () => {
                const found = await refusedPaths(() => new EgressRoute("partner", { ...good, ...change }), { preview });
                assert.deepEqual(found, paths);
            });
        }
    }
});

describe("two EgressRoutes of one program", () => {
    const [first, second] = [
        { ...good, hosts: ["a.example"] },
        { ...good, hosts: ["b.example", "a.example"] },
    ];

    for (const preview of [true, false]) {
        it(`are refused one host, and told who has it (${preview ? "preview" : "update"})`, async () => {
            const recorder = await record({ preview });
            await assert.rejects(
                run(recorder, () => {
                    new EgressRoute("first", first);
                    new EgressRoute("second", second);
                }),
                (error: pulumi.InputPropertiesError) => {
                    assert.ok(pulumi.InputPropertiesError.isInstance(error));
                    assert.deepEqual(
                        error.errors?.map(({ propertyPath }) => propertyPath),
                        ["hosts[1]"],
                    );
                    assert.match(error.message, /belongs to EgressRoute "first"/);
                    return true;
                },
            );
            assert.ok(!recorder.resources.some(({ name }) => name.startsWith("second")));
        });
    }

    it("are refused one host also where they share a provider, by itself or through a parent", async () => {
        const recorder = await record();
        await assert.rejects(
            run(recorder, () => {
                const provider = new Provider("cluster");
                const parent = new pulumi.ComponentResource("test:index:Parent", "p", {}, { providers: [provider] });
                new EgressRoute("first", first, { provider });
                new EgressRoute("second", second, { parent });
            }),
            /belongs to EgressRoute "first"/,
        );
    });

    it("may have one host in two clusters", async () => {
        const recorder = await record();
        await run(recorder, () => {
            new EgressRoute("first", first, { provider: new Provider("one") });
            new EgressRoute("second", second, { provider: new Provider("two") });
        });
        assert.equal(recorder.ofType("mesh-egress:index:EgressRoute").length, 2);
    });

    it("claim nothing when they are refused", async () => {
        const recorder = await record();
        await run(recorder, () => {
            assert.throws(() => new EgressRoute("first", { ...first, port: 0 }));
            new EgressRoute("second", second);
        });
        assert.equal(recorder.ofType("mesh-egress:index:EgressRoute").length, 1);
    });
});
