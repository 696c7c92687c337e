import assert from "node:assert/strict";
import { DEFAULT_LIFETIMES } from "../../../../plan/pki/chain";
import { EnvironmentOptions, validateEnvironment } from "../../../../plan/environment/environment";

const route: EnvironmentOptions["routes"][number] = {
    name: "partner",
    mode: "mutualTls",
    hasGateway: true,
    hasMesh: false,
    hasCredential: true,
    hosts: ["mtls.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["default"] }],
    port: 443,
    maxConnectionSeconds: 600,
    visibility: "callers",
    hasServerCa: false,
    hasCertificate: false,
    hasPrivateKey: false,
};

const good: EnvironmentOptions = {
    mesh: { namespace: "istio-system", trustDomain: "cluster.local", charts: { repository: "https://charts.example" } },
    gateway: { name: "egress-gateway", namespace: "istio-egress", minReplicas: 1, maxReplicas: 1 },
    chain: {
        generations: [1],
        revoked: [],
        clients: ["partner"],
        serverHosts: ["mtls.partner.example"],
        lifetimes: DEFAULT_LIFETIMES,
    },
    server: { namespace: "mesh-external", hosts: ["mtls.partner.example"] },
    routes: [route],
    callerNamespaces: ["payments"],
    probe: {
        namespace: "payments",
        serviceAccount: "default",
        host: "mtls.partner.example",
        path: "/",
        expectedStatus: 200,
        timeoutSeconds: 60,
    },
};

const second = { ...route, name: "second", hosts: ["second.example"], hasServerCa: true };

/** The paths of all violations of the good environment with `change`. */
function refused(change: Partial<EnvironmentOptions>): string[] {
    return validateEnvironment({ ...good, ...change }).map(({ path }) => path);
}

describe("validateEnvironment", () => {
    it("accepts a good one, with and without server, probe and namespaces", () => {
        assert.deepEqual(validateEnvironment(good), []);
        assert.deepEqual(refused({ routes: [route, second] }), []);
        assert.deepEqual(refused({ server: undefined, probe: undefined, callerNamespaces: [], routes: [second] }), []);
        assert.deepEqual(refused({ routes: [], probe: undefined }), []);
    });

    it("tells what its parts refuse from the outside", () => {
        assert.deepEqual(refused({ mesh: { ...good.mesh, charts: {} } }), [
            "mesh.charts.base",
            "mesh.charts.istiod",
            "mesh.charts.gateway",
        ]);
        assert.deepEqual(refused({ gateway: { ...good.gateway, minReplicas: 0 } }), ["gateway.minReplicas"]);
        assert.deepEqual(refused({ server: { namespace: "mesh-external", hosts: [...good.server!.hosts, "*"] } }), [
            "server.hosts[1]",
        ]);
        assert.deepEqual(refused({ callerNamespaces: ["payments", "A"] }), ["callerNamespaces[1]"]);
        assert.deepEqual(refused({ probe: { ...good.probe!, path: "x" } }), ["probe.path"]);
        const lifetimes = { ...DEFAULT_LIFETIMES, leaf: { validityHours: 24, renewalHours: 24 } };
        assert.deepEqual(refused({ chain: { ...good.chain, lifetimes } }), ["certificates.leaf.renewalHours"]);
        assert.deepEqual(refused({ routes: [route, { ...second, hosts: ["a.x", "*.x"], port: 0 }] }), [
            "routes[1].hosts[1]",
            "routes[1].port",
        ]);
    });

    it("refuses connections that may last as long as the renewal window of the certificate that they begin with", () => {
        const leaf = { validityHours: 24, renewalHours: 1 };
        const chain = { ...good.chain, lifetimes: { ...DEFAULT_LIFETIMES, leaf } };
        const refused = (maxConnectionSeconds: number) =>
            validateEnvironment({ ...good, chain, routes: [{ ...good.routes[0], maxConnectionSeconds }] });
        assert.deepEqual(refused(3599), []);
        const [violation, ...others] = refused(3600);
        assert.deepEqual(others, []);
        assert.equal(violation.path, "routes[0].maxConnectionSeconds");
        assert.match(violation.expected, /less than 3600 seconds/);
    });

    it("refuses a certificate without its key, and one that no proxy would show", () => {
        const own = { ...route, hasCertificate: true, hasPrivateKey: true };
        assert.deepEqual(refused({ routes: [own] }), []);
        assert.deepEqual(refused({ routes: [{ ...own, hasPrivateKey: false }] }), ["routes[0].privateKey"]);
        assert.deepEqual(refused({ routes: [{ ...own, mode: "simpleTls", hasCredential: false }] }), [
            "routes[0].certificate",
        ]);
    });

    describe("with certificates of cert-manager", () => {
        const certManager: EnvironmentOptions["certManager"] = {
            namespace: "cert-manager",
            serverSecret: "server",
            clients: [{ name: "partner", secretName: "partner" }],
            root: DEFAULT_LIFETIMES.root,
            leaf: DEFAULT_LIFETIMES.leaf,
            onlyOfStack: [],
        };

        it("accepts a good one", () => {
            assert.deepEqual(refused({ certManager }), []);
        });

        it("refuses settings that only a stack's own certificates have", () => {
            const onlyOfStack = ["certificates.generations", "routes[0].rotationTrigger"];
            assert.deepEqual(refused({ certManager: { ...certManager, onlyOfStack } }), onlyOfStack);
        });

        it("refuses routes whose certificate would have to be delivered elsewhere", () => {
            const files = { ...route, credentialSource: "files" as const };
            assert.deepEqual(refused({ certManager, routes: [files] }), ["routes[0].credentialSource"]);
            const own = { ...files, hasCertificate: true, hasPrivateKey: true };
            assert.deepEqual(refused({ certManager, routes: [own] }), []);
        });

        it("judges the lifetimes of root and leaf as they follow each other there", () => {
            const leaf = { validityHours: 48, renewalHours: 24 };
            const root = { validityHours: 96, renewalHours: 47 };
            const chain = { ...good.chain, lifetimes: { ...DEFAULT_LIFETIMES, leaf } };
            const paths = refused({ chain, certManager: { ...certManager, root, leaf } });
            assert.deepEqual(paths, ["certificates.leaf.validityHours"]);
        });
    });

    it("refuses two routes of one name", () => {
        const [violation, ...others] = validateEnvironment({
            ...good,
            routes: [route, { ...second, name: "partner" }],
        });
        assert.deepEqual(others, []);
        assert.equal(violation.path, "routes[1].name");
        assert.equal(violation.value, "partner");
        assert.equal(violation.problem, "is already the name of routes[0]");
    });

    it("refuses a name that could not be the secret's", () => {
        assert.deepEqual(refused({ routes: [{ ...route, name: "partner-cacert" }] }), ["routes[0].name"]);
        assert.ok(refused({ routes: [{ ...route, name: "a.b" }] }).includes("routes[0].name"));
    });

    it("refuses one host in two routes, and says who has it", () => {
        const both = [route, { ...second, hosts: ["second.example", ...route.hosts] }];
        const [violation, ...others] = validateEnvironment({ ...good, routes: both });
        assert.deepEqual(others, []);
        assert.equal(violation.path, "routes[1].hosts[1]");
        assert.match(violation.problem, /belongs to routes\[0\]\.hosts\[0\]/);
    });

    it("refuses one host twice in a route only once", () => {
        assert.deepEqual(refused({ routes: [{ ...route, hosts: [...route.hosts, ...route.hosts] }] }), [
            "routes[0].hosts[1]",
        ]);
    });

    it("refuses a foreign host without the CA of its server", () => {
        assert.deepEqual(refused({ routes: [route, { ...second, hasServerCa: false }] }), ["routes[1].serverCa"]);
        assert.deepEqual(refused({ server: undefined }), ["routes[0].serverCa"]);
    });

    it("refuses namespaces that two parts would create", () => {
        assert.deepEqual(refused({ server: { ...good.server!, namespace: "istio-egress" } }), ["server.namespace"]);
        assert.deepEqual(refused({ callerNamespaces: ["payments", "mesh-external"] }), ["callerNamespaces[1]"]);
        assert.deepEqual(refused({ callerNamespaces: ["payments", "payments", "istio-system"] }), [
            "callerNamespaces[1]",
            "callerNamespaces[2]",
        ]);
    });

    it("refuses the mesh's root namespace for the gateway", () => {
        assert.deepEqual(refused({ gateway: { ...good.gateway, namespace: "istio-system" } }), ["gateway.namespace"]);
    });

    it("refuses a probe that no route allows", () => {
        const [violation, ...others] = validateEnvironment({
            ...good,
            probe: { ...good.probe!, serviceAccount: "other" },
        });
        assert.deepEqual(others, []);
        assert.equal(violation.path, "probe.serviceAccount");
        assert.match(violation.problem, /"payments" is in no route's allowFrom/);
        assert.deepEqual(refused({ probe: { ...good.probe!, namespace: "other" } }), ["probe.serviceAccount"]);
    });

    it("takes the add-on for both mesh and gateway, or for none", () => {
        const mesh = {
            ...good.mesh,
            namespace: "aks-istio-system",
            charts: {},
            revision: "asm-1-30",
            addonSettings: [],
        };
        const gateway = { ...good.gateway, addonSettings: ["addon"] };
        assert.deepEqual(refused({ mesh, gateway }), []);
        assert.deepEqual(refused({ mesh }), ["gateway.addon"]);
        assert.deepEqual(refused({ gateway }), ["gateway"]);
        const passthrough = { ...second, mode: "passthrough" as const, hasServerCa: false, hasCredential: false };
        const { port, maxConnectionSeconds, visibility, ...route } = passthrough;
        assert.ok(port && maxConnectionSeconds && visibility);
        assert.deepEqual(refused({ routes: [good.routes[0], route] }), []);
        assert.deepEqual(refused({ mesh, gateway, routes: [good.routes[0], route] }), ["routes[1].mode"]);
    });

    describe("with a lockdown", () => {
        const lockdown: NonNullable<EnvironmentOptions["lockdown"]> = {
            namespaces: ["payments"],
            createNamespaces: true,
            policyEngine: "cilium",
            clusterPolicy: "none",
            staticEgressGateway: false,
            istioCni: false,
            gatewayEgress: [{ internet: true, ports: [443] }],
            alsoReaches: [],
            clusterRanges: [],
            nodeDnsRanges: [],
            controlPlaneEgress: [],
            administrators: [],
            imageRegistries: ["registry.example"],
            sharedHostsWith: [],
            allowedAnnotations: [],
            allowedResources: [],
            allowedRuntimeClasses: [],
            allowedKinds: [],
            serviceTypes: [],
        };

        it("accepts namespaces that it makes itself, or that are there", () => {
            assert.deepEqual(refused({ callerNamespaces: [], lockdown }), []);
            assert.deepEqual(refused({ lockdown: { ...lockdown, createNamespaces: false } }), []);
        });

        it("refuses to make a namespace twice", () => {
            assert.deepEqual(refused({ lockdown }), ["lockdown.namespaces[0]"]);
            for (const namespaces of [["istio-egress"], ["istio-system"], ["mesh-external"]]) {
                const own = { ...lockdown, namespaces };
                assert.deepEqual(refused({ callerNamespaces: [], lockdown: own }), ["lockdown.namespaces[0]"]);
            }
        });

        it("refuses the gateway's and the mesh's namespace also where they are there already", () => {
            const namespaces = ["istio-egress", "istio-system"];
            assert.deepEqual(refused({ lockdown: { ...lockdown, namespaces, createNamespaces: false } }), [
                "lockdown.namespaces[0]",
                "lockdown.namespaces[1]",
            ]);
        });

        it("refuses a route whose address is in a locked namespace or of the cluster", () => {
            const ranges = { ...lockdown, namespaces: ["idle"], clusterRanges: ["10.244.0.0/16"] };
            const at = (address?: string) =>
                refused({ lockdown: ranges, routes: [{ ...good.routes[0], address }, ...good.routes.slice(1)] });
            assert.deepEqual(at("web.idle.svc.cluster.local"), ["routes[0].address"]);
            assert.deepEqual(at("10.244.1.2"), ["routes[0].address"]);
            assert.deepEqual(at("10.99.1.2"), []);
            assert.deepEqual(at(), []);
        });

        it("tells what the lockdown refuses", () => {
            const past = { ...lockdown, staticEgressGateway: true };
            assert.deepEqual(refused({ callerNamespaces: [], lockdown: past }), ["lockdown.staticEgressGateway"]);
            const gateway = { ...good.gateway, plaintextPort: true };
            assert.deepEqual(refused({ callerNamespaces: [], lockdown, gateway }), ["lockdown.gateway.plaintextPort"]);
        });

        it("refuses to pretend with the add-on's gateway, which leaves where policies do not apply", () => {
            const mesh = {
                ...good.mesh,
                namespace: "aks-istio-system",
                charts: {},
                revision: "asm-1-30",
                addonSettings: [],
            };
            const gateway = { ...good.gateway, addonSettings: ["addon"] };
            assert.deepEqual(refused({ mesh, gateway, callerNamespaces: [], lockdown }), [
                "lockdown.staticEgressGateway",
            ]);
        });

        it("refuses a way past the gateway out of a locked namespace", () => {
            const past: EnvironmentOptions["routes"][number] = {
                ...route,
                mode: "direct",
                hasGateway: false,
                hasCredential: false,
                allowFrom: [{ namespace: "payments" }],
                port: undefined,
                maxConnectionSeconds: undefined,
                visibility: undefined,
            };
            const change: Partial<EnvironmentOptions> = { callerNamespaces: [], probe: undefined, routes: [past] };
            assert.deepEqual(refused(change), []);
            assert.deepEqual(refused({ ...change, lockdown }), ["routes[0].mode"]);
            assert.deepEqual(refused({ ...change, lockdown: { ...lockdown, namespaces: ["other"] } }), []);
        });
    });
});
