import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { adopt } from "../../../../cli/adopt/adopt";
import { RawObject } from "../../../../review/rawObject";

/*
 * The layouts of Istio's own tasks for egress, written anew: TLS origination at the egress gateway, with mutual TLS, a
 * wildcard, passthrough, and the Gateway API. Each has a route that does the same, or a reason why not.
 */

const HOST = "edition.news.example";

function adopted(layout: string) {
    const objects = loadAll(readFileSync(join(__dirname, "layouts", `${layout}.yaml`), "utf8")).filter(
        (object) => object !== null && object !== undefined,
    ) as RawObject[];
    const { routes, credentials, notCarried } = adopt(objects);
    return {
        routes: routes.map(({ hosts, mode, credential }) => ({ hosts, mode, ...(credential && { credential }) })),
        credentials: credentials.map(({ name }) => name),
        // A host that today everybody may call gets callers that are a guess, which is told each time.
        reasons: notCarried
            .filter(({ path }) => path !== "spec.exportTo")
            .map(({ object, path, reason }) => `${object.kind} ${object.name} ${path}: ${reason}`),
    };
}

describe("an adoption of Istio's tasks", () => {
    it("makes simpleTls of TLS origination at the gateway, and tells that the server's name was not checked", () => {
        const { routes, reasons } = adopted("tlsOrigination");
        assert.deepEqual(routes, [{ hosts: [HOST], mode: "simpleTls" }]);
        assert.match(
            reasons.join("\n"),
            /^DestinationRule originate-tls\S* \S+subjectAltNames: the name in .* not checked/,
        );
    });

    it("makes mutualTls of mutual TLS origination, with the credential", () => {
        const { routes, credentials } = adopted("mutualTls");
        assert.deepEqual(routes, [{ hosts: [HOST], mode: "mutualTls", credential: "client-credential" }]);
        assert.deepEqual(credentials, ["client-credential"]);
    });

    it("makes passthrough of passthrough", () => {
        assert.deepEqual(adopted("passthrough"), {
            routes: [{ hosts: [HOST], mode: "passthrough" }],
            credentials: [],
            reasons: [],
        });
    });

    it("leaves a wildcard that is passed through, and the host that its gateway needs, and says why of both", () => {
        const { routes, reasons } = adopted("wildcard");
        assert.deepEqual(routes, []);
        assert.equal(reasons.length, 2);
        assert.match(reasons[0], /^ServiceEntry wiki .*"\*\.wiki\.example" cannot be called through passthrough/);
        assert.match(
            reasons[1],
            /^ServiceEntry www-wiki .*a gateway sends calls for \*\.wiki\.example to www\.wiki\.example/,
        );
    });

    it("makes nothing of a gateway of the Gateway API, and names the route that it does not read", () => {
        const { routes, reasons } = adopted("gatewayApi");
        assert.deepEqual(routes, []);
        assert.equal(reasons.length, 1);
        assert.match(
            reasons[0],
            /HTTPRoute default\/\S+ leads calls to edition\.news\.example, and routes of the Gateway API/,
        );
    });
});

describe("a host whose way out an adoption does not understand", () => {
    it("is told, and not lost", () => {
        const istio = (kind: string, name: string, spec: object): RawObject => ({
            apiVersion: "networking.istio.io/v1",
            kind,
            metadata: { name, namespace: "app" },
            spec,
        });
        const to = (host: string) => ({ route: [{ destination: { host, port: { number: 443 } } }] });
        const { routes, notCarried } = adopt([
            istio("ServiceEntry", "partner", {
                hosts: [HOST],
                ports: [{ number: 443, name: "tls", protocol: "TLS" }],
                resolution: "DNS",
            }),
            istio("VirtualService", "partner", {
                hosts: [HOST],
                gateways: ["mesh", "egress"],
                tls: [
                    { match: [{ gateways: ["mesh"], sniHosts: [HOST] }], ...to("proxy.app.svc.cluster.local") },
                    { match: [{ gateways: ["egress"], sniHosts: [HOST] }], ...to("other.example") },
                ],
            }),
        ]);
        assert.deepEqual(routes, []);
        assert.ok(notCarried.some(({ object, reason }) => object.kind === "ServiceEntry" && reason.includes(HOST)));
    });
});
