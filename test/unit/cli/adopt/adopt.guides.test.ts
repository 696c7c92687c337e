import assert from "node:assert/strict";
import { adopt } from "../../../../cli/adopt/adopt";
import { AdoptedRoute } from "../../../../cli/adopt/adoption";
import { validateRoute } from "../../../../plan/egress/route/validateRoute";
import { traits } from "../../../../plan/egress/route/modes";
import { GUIDES, HOST } from "../../../support/guides";
import { destinationRule } from "../../../support/objects";

const DEFAULT = [{ namespace: "default" }];

/** What each of the guides' layouts becomes. */
const EXPECTED: Record<keyof typeof GUIDES, Partial<AdoptedRoute>> = {
    entryOnly: { mode: "direct" },
    httpThroughGateway: { mode: "http", gatewayTransport: "plaintext" },
    originationOverPlaintext: { mode: "simpleTls", gatewayTransport: "plaintext" },
    origination: { mode: "simpleTls" },
    originationWithCa: { mode: "simpleTls", credential: "client-credential" },
    mutualTls: { mode: "mutualTls", credential: "client-credential" },
    passthrough: { mode: "passthrough" },
    httpOverMeshTls: { mode: "http" },
    externalName: { mode: "direct", serviceName: "external" },
    filesInGateway: { mode: "mutualTls", credential: "api-partner-example" },
    filesOverPlaintext: { mode: "mutualTls", credential: "api-partner-example" },
};

const of = (guide: keyof typeof GUIDES) => adopt(GUIDES[guide]);
const reasons = (guide: keyof typeof GUIDES) => of(guide).notCarried.map(({ path, reason }) => `${path}: ${reason}`);

describe("adopt, for the guides' layouts", () => {
    for (const guide of Object.keys(GUIDES) as (keyof typeof GUIDES)[]) {
        it(`keeps host, callers, credential and mode of ${guide}`, () => {
            const { routes } = of(guide);
            assert.deepEqual(routes, [
                { name: "api-partner-example", hosts: [HOST], allowFrom: DEFAULT, ...EXPECTED[guide] },
            ]);
            const [route] = routes;
            const { throughGateway } = traits(route.mode);
            assert.deepEqual(
                validateRoute({
                    ...route,
                    hasGateway: throughGateway,
                    hasMesh: false,
                    hasCredential: route.credential !== undefined,
                }),
                [],
            );
        });
    }

    it("says that everybody could call, where nobody was asked", () => {
        assert.match(reasons("mutualTls").join("\n"), /every workload of the mesh may call .* \(a guess/);
    });

    it("takes the callers from --callers, or from the namespaces with sidecars", () => {
        const callers = [{ namespace: "payments", serviceAccounts: ["billing"] }];
        assert.deepEqual(adopt(GUIDES.mutualTls, { callers }).routes[0].allowFrom, callers);
        const namespace = (name: string, labels: object) => ({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name, labels },
        });
        const namespaces = [
            namespace("orders", { "istio-injection": "enabled" }),
            namespace("payments", { "istio.io/rev": "canary" }),
            namespace("outside", {}),
            namespace("istio-system", { "istio-injection": "enabled" }),
        ];
        assert.deepEqual(adopt([...GUIDES.mutualTls, ...namespaces]).routes[0].allowFrom, [
            { namespace: "orders" },
            { namespace: "payments" },
        ]);
    });

    it("warns that the route checks the server's name, which the guides do not", () => {
        assert.match(reasons("mutualTls").join("\n"), /subjectAltNames: the name .* is not checked today/);
    });

    it("finds the secrets of SDS credentials, and of files by the volumes that they are mounted from", () => {
        assert.deepEqual(of("mutualTls").credentials, [
            {
                name: "client-credential",
                certificate: { secret: "client-credential", namespace: "istio-system", key: "tls.crt" },
                privateKey: { secret: "client-credential", namespace: "istio-system", key: "tls.key" },
                serverCa: { secret: "client-credential", namespace: "istio-system", key: "ca.crt" },
            },
        ]);
        assert.deepEqual(of("originationWithCa").credentials, [
            {
                name: "client-credential",
                serverCa: { secret: "client-credential-cacert", namespace: "istio-system", key: "ca.crt" },
            },
        ]);
        const [files] = of("filesInGateway").credentials;
        assert.deepEqual(files.privateKey, { secret: "nginx-client-certs", namespace: "istio-system", key: "tls.key" });
        assert.deepEqual(files.serverCa, {
            secret: "nginx-ca-certs",
            namespace: "istio-system",
            key: "ca-chain.cert.pem",
        });
        assert.deepEqual(of("filesOverPlaintext").credentials[0].privateKey, {
            file: "/etc/nginx-client-certs/tls.key",
        });
    });

    it("takes the rule that the gateway reads first, its own namespace's, before another's for the same host", () => {
        const tls = { mode: "SIMPLE", sni: HOST };
        const elsewhere = destinationRule("default/elsewhere", HOST, undefined, {
            trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls }] },
        });
        assert.equal(adopt([elsewhere, ...GUIDES.mutualTls]).routes[0].mode, "mutualTls");
    });

    it("says what is not as it was: files, and plaintext to the gateway where a certificate is shown", () => {
        assert.match(reasons("filesOverPlaintext").join("\n"), /read over SDS/);
        assert.match(reasons("filesOverPlaintext").join("\n"), /reach the gateway in plaintext today/);
    });
});
