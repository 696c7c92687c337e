import assert from "node:assert/strict";
import { toldBy, virtualService, way } from "../../../support/objects";

const told = toldBy("virtual-service-twice");

const HOST = "api.partner.example";
const own = { exportTo: ["."] };

describe("virtual-service-twice", () => {
    const http = (port: number, gateways = ["mesh"]) => ({ http: [way(gateways, port, HOST, port)] });
    const service = (name: string, routes: Record<string, unknown>, rest = {}, gateways = ["mesh"]) =>
        virtualService(name, [HOST], gateways, { ...routes, ...rest });
    const found = ["virtual-service-twice VirtualService b/two spec.hosts[0]"];

    it("finds two for one host, port and sidecar", () => {
        assert.deepEqual(told([service("a/one", http(80)), service("b/two", http(80))]), found);
        const anyPort = { http: [{ route: [{ destination: { host: HOST } }] }] };
        assert.deepEqual(told([service("a/one", anyPort), service("b/two", http(80))]), found);
    });

    it("takes other ports, other callers, and routes of another kind", () => {
        assert.deepEqual(told([service("a/one", http(80)), service("b/two", http(8080))]), []);
        assert.deepEqual(told([service("a/one", http(80), own), service("b/two", http(80), own)]), []);
        const tls = { tls: [{ ...way(["mesh"], 443, HOST, 443), match: [{ port: 443, sniHosts: [HOST] }] }] };
        assert.deepEqual(told([service("a/one", http(80)), service("b/two", tls)]), []);
        assert.deepEqual(told([service("a/one", tls), service("b/two", tls)]), found);
    });

    it("takes parts of one host at a gateway, but not two that take everything", () => {
        const at = ["gateways/egress"];
        const part = { http: [{ ...way(at, 443, HOST, 80), match: [{ port: 443, uri: { prefix: "/a" } }] }] };
        assert.deepEqual(told([service("a/one", part, {}, at), service("b/two", http(443, at), {}, at)]), []);
        const whole = http(443, at);
        assert.deepEqual(told([service("a/one", whole, {}, at), service("b/two", whole, {}, at)]), found);
    });
});
