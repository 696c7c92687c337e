import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { HTTP, HTTPS, TCP, destinationRule, serviceEntry, toldBy, virtualService, way } from "../../support/objects";

const told = toldBy("destination-rule-twice", "service-entry-twice", "shared-tcp-port", "virtual-service-twice");

const HOST = "api.partner.example";
const own = { exportTo: ["."] };

describe("shared-tcp-port", () => {
    const entry = (name: string, rest = {}, port: object = TCP) =>
        serviceEntry(`app/${name}`, [`${name}.partner.example`], [port], { ...own, ...rest });
    const refusing = (object: RawObject): RawObject => ({
        ...object,
        metadata: { ...object.metadata, labels: { "networking.istio.io/enable-autoallocate-ip": "false" } },
    });
    const found = ["shared-tcp-port ServiceEntry app/b spec.hosts[0]"];

    it("finds two hosts that have no addresses of their own", () => {
        assert.deepEqual(told([refusing(entry("a")), refusing(entry("b"))]), found);
        assert.deepEqual(told([entry("a"), entry("b")], { ipAutoAllocation: false }), found);
    });

    it("finds two hosts of one address", () => {
        const addresses = ["240.99.0.1"];
        assert.deepEqual(told([entry("a", { addresses }), entry("b", { addresses })]), found);
        const both = serviceEntry("app/b", ["a.partner.example", "b.partner.example"], [TCP], { addresses });
        assert.deepEqual(told([both]), ["shared-tcp-port ServiceEntry app/b spec.hosts[1]"]);
    });

    it("takes two hosts that istiod tells apart", () => {
        assert.deepEqual(told([entry("a"), entry("b")]), []);
        assert.deepEqual(
            told([entry("a", { addresses: ["240.99.0.1"] }), entry("b", { addresses: ["240.99.0.2"] })]),
            [],
        );
    });

    it("takes other ports, other callers, and what has a name on the wire", () => {
        const all = { ipAutoAllocation: false };
        assert.deepEqual(told([entry("a"), entry("b", {}, { ...TCP, number: 5433 })], all), []);
        assert.deepEqual(told([entry("a"), entry("b", { exportTo: ["other"] })], all), []);
        assert.deepEqual(told([entry("a", {}, HTTP), entry("b", {}, HTTP)], all), []);
        assert.deepEqual(told([entry("a", {}, HTTPS), entry("b", {}, HTTPS)], all), []);
        assert.deepEqual(told([entry("a", { resolution: "NONE" }), entry("b", { resolution: "NONE" })], all), []);
    });
});

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

describe("service-entry-twice", () => {
    const entry = (name: string, port: object = HTTP, rest = {}) => serviceEntry(name, [HOST], [port], rest);
    const found = ["service-entry-twice ServiceEntry b/two spec.hosts[0]"];

    it("finds one host and port that is declared in two ways", () => {
        const other = { ...HTTP, targetPort: 443 };
        assert.deepEqual(told([entry("a/one"), entry("b/two", other)]), found);
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTP, { resolution: "NONE" })]), found);
        const endpoints = [{ address: "10.0.0.1" }];
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTP, { endpoints })]), found);
        assert.deepEqual(told([entry("b/one"), entry("b/two", other)]), found);
    });

    it("takes the same said twice, other ports, other callers, and joined endpoints", () => {
        assert.deepEqual(told([entry("a/one"), entry("b/two")]), []);
        assert.deepEqual(told([entry("a/one"), entry("b/two", HTTPS)]), []);
        const other = { ...HTTP, targetPort: 443 };
        assert.deepEqual(told([entry("a/one", HTTP, own), entry("b/two", other, own)]), []);
        assert.deepEqual(told([entry("b/one"), entry("b/two", HTTP, { endpoints: [{ address: "10.0.0.1" }] })]), []);
    });

    it("takes an entry that a namespace has for itself beside one for all", () => {
        const mine = entry("b/two", { ...HTTP, targetPort: 443 }, own);
        assert.deepEqual(told([entry("a/one"), mine]), []);
    });
});

describe("destination-rule-twice", () => {
    const simple = { mode: "SIMPLE" };
    const found = ["destination-rule-twice DestinationRule a/two spec.trafficPolicy"];

    it("finds a second policy for a host", () => {
        assert.deepEqual(
            told([destinationRule("a/one", HOST, simple), destinationRule("a/two", HOST, { mode: "DISABLE" })]),
            found,
        );
    });

    it("finds a second subset of one name", () => {
        const rule = (name: string, mode: string) =>
            destinationRule(name, HOST, undefined, { subsets: [{ name: "v", trafficPolicy: { tls: { mode } } }] });
        assert.deepEqual(told([rule("a/one", "DISABLE"), rule("a/two", "ISTIO_MUTUAL")]), [
            "destination-rule-twice DestinationRule a/two spec.subsets[0].name",
        ]);
        assert.deepEqual(told([rule("a/one", "DISABLE"), rule("a/two", "DISABLE")]), []);
    });

    it("takes subsets beside a policy, other callers, other workloads, and other namespaces", () => {
        const one = destinationRule("a/one", HOST, simple);
        const subsets = [{ name: "v", labels: { version: "1" } }];
        assert.deepEqual(told([one, destinationRule("a/two", HOST, undefined, { subsets })]), []);
        assert.deepEqual(told([one, destinationRule("b/two", HOST, { mode: "DISABLE" })]), []);
        const selecting = (app: string) =>
            destinationRule(`a/${app}`, HOST, { mode: app }, { workloadSelector: { matchLabels: { app } } });
        assert.deepEqual(told([selecting("SIMPLE"), selecting("DISABLE")]), []);
        const only = (name: string, namespace: string, mode: string) =>
            destinationRule(name, HOST, { mode }, { exportTo: [namespace] });
        assert.deepEqual(told([only("a/one", "x", "SIMPLE"), only("a/two", "y", "DISABLE")]), []);
    });
});
