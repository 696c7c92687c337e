import assert from "node:assert/strict";
import fc from "fast-check";
import { explain } from "../../../../../plan/shared/violation";
import { traits } from "../../../../../plan/egress/route/modes";
import { EgressMode } from "../../../../../plan/egress/route/options";
import { RouteContext, validateRouteContext, validateRoute } from "../../../../../plan/egress/route/validateRoute";
import { RouteOptions } from "../../../../../plan/egress/route/route";
import { MODE_NAMES, routeOptions } from "../../../../support/arbitraries";

const GOOD: Record<EgressMode, RouteOptions> = Object.fromEntries(
    MODE_NAMES.map((mode) => {
        const { needs } = traits(mode);
        const route: RouteOptions = {
            mode,
            hosts: ["api.partner.example"],
            allowFrom: [
                { namespace: "payments", ...(mode === "sidecarMutualTls" && { serviceAccounts: ["billing"] }) },
            ],
            hasGateway: needs.includes("gateway"),
            hasMesh: false,
            hasCredential: needs.includes("credential"),
            ...(needs.includes("workloadLabels") && { workloadLabels: { app: "billing" } }),
        };
        return [mode, route];
    }),
) as Record<EgressMode, RouteOptions>;

/** The violations of a good route with `change`, as the user reads them. */
function refused(mode: EgressMode, change: Partial<RouteOptions>): string[] {
    return validateRoute({ ...GOOD[mode], ...change }).map((violation) => `${violation.path}: ${explain(violation)}`);
}

const anyShape = fc.constantFrom(...MODE_NAMES).chain(routeOptions);

describe("validateRoute", () => {
    it("accepts every route that a mode describes", () => {
        fc.assert(fc.property(anyShape, (route) => assert.deepEqual(validateRoute(route), [])));
    });

    it("refuses every port that is none", () => {
        const bad = fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 65536 }), fc.constantFrom(1.5, NaN, Infinity));
        fc.assert(
            fc.property(routeOptions("mutualTls"), bad, (route, port) => {
                const [violation, ...others] = validateRoute({ ...route, port });
                assert.deepEqual(others, []);
                assert.equal(violation.path, "port");
                assert.equal(violation.value, port);
            }),
        );
        assert.match(
            refused("direct", { ports: [{ number: 0, protocol: "tcp" }] })[0],
            /^ports\[0\].number: 0 is not a TCP/,
        );
    });

    it("refuses connections without end, which would keep a rotated certificate", () => {
        fc.assert(
            fc.property(
                routeOptions("mutualTls"),
                fc.constantFrom(0, -1, 0.5, NaN, Infinity),
                (route, maxConnectionSeconds) => {
                    const [violation] = validateRoute({ ...route, maxConnectionSeconds });
                    assert.equal(violation.path, "maxConnectionSeconds");
                },
            ),
        );
    });

    it("tells everything that is wrong at once", () => {
        const wrong = { hosts: [], allowFrom: [], hasCredential: false, port: 0, maxConnectionSeconds: 0 };
        assert.deepEqual(
            validateRoute({ ...GOOD.mutualTls, ...wrong }).map(({ path }) => path),
            ["hosts", "allowFrom", "credential", "port", "maxConnectionSeconds"],
        );
    });

    it("refuses what a mode needs and has not, with what it is for", () => {
        for (const mode of MODE_NAMES) {
            const nothing = { hasGateway: false, hasCredential: false, workloadLabels: undefined };
            const missing = validateRoute({ ...GOOD[mode], ...nothing });
            assert.deepEqual(missing.map(({ path }) => path).sort(), [...traits(mode).needs].sort());
        }
    });

    it("refuses what means nothing in a mode, and names the modes where it does", () => {
        const extras: Partial<RouteOptions> = {
            hasGateway: true,
            hasMesh: true,
            hasCredential: true,
            credentialSource: "sds",
            port: 8443,
            ports: [{ number: 8443, protocol: "tls" }],
            maxConnectionSeconds: 60,
            visibility: "callers",
            gatewayTransport: "mutualTls",
            workloadLabels: { app: "billing" },
            serviceName: "partner",
        };
        const names: Record<string, string> = { hasGateway: "gateway", hasMesh: "mesh", hasCredential: "credential" };
        for (const mode of MODE_NAMES) {
            const { needs, takes } = traits(mode);
            const useless = Object.keys(extras)
                .map((option) => names[option] ?? option)
                .filter((option) => ![...needs, ...takes].includes(option as never));
            const violations = validateRoute({ ...GOOD[mode], ...extras });
            assert.deepEqual(violations.map(({ path }) => path).sort(), useless.sort(), mode);
            assert.ok(violations.every(({ expected }) => /a mode that accepts it: \w+/.test(expected)));
        }
    });

    const dangers: [what: string, mode: EgressMode, change: Partial<RouteOptions>, message: RegExp][] = [
        [
            "a plaintext transport with a client certificate",
            "mutualTls",
            { gatewayTransport: "plaintext" },
            /^gatewayTransport: .*client certificate/,
        ],
        ["TLS inside the application's TLS", "passthrough", { hasCredential: true }, /^credential: .*TLS inside TLS/],
        [
            "a sidecar's credential without a selector",
            "sidecarMutualTls",
            { workloadLabels: undefined },
            /^workloadLabels: .*ignores the credential and sends plaintext/,
        ],
        ["an empty selector", "sidecarMutualTls", { workloadLabels: {} }, /^workloadLabels: the selector is empty/],
        [
            "files in sidecars that no selector names",
            "sidecarSimpleTls",
            { credentialSource: "files", hasCredential: true },
            /^workloadLabels: /,
        ],
        ["origination to plain HTTP's port", "mutualTls", { port: 80 }, /^port: 80 is the standard port of plain HTTP/],
        ["plaintext to TLS's port", "http", { port: 443 }, /^port: 443 is the standard port of HTTPS.*mode simpleTls/],
        [
            "plaintext to TLS's port, directly",
            "direct",
            { ports: [{ number: 443, protocol: "http" }] },
            /^ports\[0\].protocol: "http" would send plaintext to port 443/,
        ],
        [
            "TLS to plain HTTP's port, directly",
            "direct",
            { ports: [{ number: 80, protocol: "tls" }] },
            /^ports\[0\].protocol: "tls" would send TLS to port 80/,
        ],
        [
            "a port twice",
            "direct",
            {
                ports: [
                    { number: 9000, protocol: "tcp" },
                    { number: 9000, protocol: "tls" },
                ],
            },
            /^ports\[1\].number: 9000 is the same as ports\[0\]/,
        ],
        [
            "service accounts past the gateway",
            "direct",
            { allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }] },
            /^allowFrom\[0\].serviceAccounts: .*would have no effect.*does not use the gateway/,
        ],
        [
            "service accounts over plaintext",
            "http",
            { gatewayTransport: "plaintext", allowFrom: [{ namespace: "payments", serviceAccounts: ["billing"] }] },
            /^allowFrom\[0\].serviceAccounts: .*over a plaintext transport/,
        ],
        [
            "a certificate for nobody in particular, in sidecars",
            "sidecarMutualTls",
            { allowFrom: [{ namespace: "payments" }] },
            /^allowFrom\[0\].serviceAccounts: the list is missing/,
        ],
        [
            "two namespaces for sidecars",
            "sidecarMutualTls",
            { allowFrom: ["payments", "orders"].map((namespace) => ({ namespace, serviceAccounts: ["a"] })) },
            /^allowFrom: "orders, payments" are more than one namespace/,
        ],
        [
            "one service for two hosts",
            "direct",
            { serviceName: "partner", hosts: ["a.partner.example", "b.partner.example"] },
            /^serviceName: "partner" would stand for 2 hosts/,
        ],
        ["a service with no name for one", "direct", { serviceName: "A b" }, /^serviceName: "A b" is not a valid name/],
        [
            "a wildcard of a public suffix",
            "mutualTls",
            { hosts: ["*.com"] },
            /^hosts\[0\]: .* covers a whole public suffix/,
        ],
    ];
    for (const [what, mode, change, message] of dangers) {
        it(`refuses ${what}`, () => {
            const violations = refused(mode, change);
            assert.equal(violations.length, 1, violations.join("\n"));
            assert.match(violations[0], message);
        });
    }
});

describe("validateRouteContext", () => {
    const nothing: RouteContext = {
        outboundTrafficPolicy: undefined,
        plaintextPort: undefined,
        gatewayNamespace: undefined,
        mountedCredentials: undefined,
        credential: undefined,
        credentials: undefined,
    };
    const reasons = (mode: EgressMode, change: Partial<RouteOptions>, place: Partial<RouteContext>) =>
        validateRouteContext({ ...GOOD[mode], ...change }, { ...nothing, ...place }).map(({ problem }) => problem);

    it("refuses a credential without a name, and with one under which no proxy would find it", () => {
        assert.match(reasons("mutualTls", {}, { credential: "" })[0], /empty/);
        assert.match(reasons("mutualTls", {}, { credential: "x-cacert" })[0], /-cacert/);
        assert.deepEqual(reasons("mutualTls", {}, { credential: "partner" }), []);
        const [violation] = validateRouteContext(GOOD.mutualTls, { ...nothing, credentials: ["good", "x-cacert"] });
        assert.equal(violation.path, "credentials[1].credential");
    });

    it("refuses a direct route in a mesh that lets everyone call everything", () => {
        assert.match(reasons("direct", {}, { outboundTrafficPolicy: "ALLOW_ANY" })[0], /would have no effect/);
        assert.deepEqual(reasons("direct", {}, { outboundTrafficPolicy: "REGISTRY_ONLY" }), []);
        assert.deepEqual(reasons("direct", {}, {}), []);
    });

    it("refuses a plaintext transport that the gateway does not open", () => {
        assert.match(reasons("http", { gatewayTransport: "plaintext" }, {})[0], /does not open/);
        assert.deepEqual(reasons("http", { gatewayTransport: "plaintext" }, { plaintextPort: true }), []);
        assert.deepEqual(reasons("http", {}, {}), []);
    });

    it("refuses callers in the gateway's own namespace", () => {
        assert.match(reasons("mutualTls", {}, { gatewayNamespace: "payments" })[0], /bypass the gateway/);
        assert.deepEqual(reasons("mutualTls", {}, { gatewayNamespace: "istio-egress" }), []);
    });

    it("refuses files that are not mounted into the gateway", () => {
        const files = { credentialSource: "files" as const };
        const credential = "partner";
        assert.match(reasons("mutualTls", files, { credential })[0], /does not mount/);
        assert.match(reasons("mutualTls", files, { credential, mountedCredentials: ["other"] })[0], /does not mount/);
        assert.deepEqual(reasons("mutualTls", files, { credential, mountedCredentials: ["partner"] }), []);
        assert.deepEqual(reasons("sidecarMutualTls", files, { credential }), []);
        const own = { credentials: ["partner", "second"] };
        assert.match(
            reasons("mutualTls", files, { ...own, mountedCredentials: ["partner"] })[0],
            /no credential "second"/,
        );
        assert.deepEqual(reasons("mutualTls", files, { ...own, mountedCredentials: own.credentials }), []);
    });
});
