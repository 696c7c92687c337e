import assert from "node:assert/strict";
import { gateway, server, toldBy } from "../../../support/objects";
import { HOST } from "../../../support/soundRoute";

const told = toldBy("gateway-host-twice");

describe("gateway-host-twice", () => {
    const twice = (one: object, other: object, selector = { istio: "egress" }) => [
        gateway("a/one", [one]),
        gateway("b/two", [other], selector),
    ];
    const found = ["gateway-host-twice Gateway b/two spec.servers[0].hosts[0]"];

    it("finds a host in two TLS servers of one port", () => {
        const tls = server(443, "HTTPS", [HOST], "ISTIO_MUTUAL");
        assert.deepEqual(told(twice(tls, server(443, "TLS", [HOST], "PASSTHROUGH"))), found);
        assert.deepEqual(told(twice(server(443, "HTTPS", [`a/${HOST}`], "SIMPLE"), tls)), found);
        assert.deepEqual(told([gateway("a/one", [tls, tls])]), [
            "gateway-host-twice Gateway a/one spec.servers[1].hosts[0]",
        ]);
    });

    it("takes other ports, other hosts, other pods and plaintext servers", () => {
        const tls = server(443, "HTTPS", [HOST], "ISTIO_MUTUAL");
        assert.deepEqual(told(twice(tls, server(444, "HTTPS", [HOST], "ISTIO_MUTUAL"))), []);
        assert.deepEqual(told(twice(tls, server(443, "HTTPS", ["x.example"], "ISTIO_MUTUAL"))), []);
        assert.deepEqual(told(twice(tls, tls, { istio: "another" })), []);
        assert.deepEqual(told(twice(server(80, "HTTP", [HOST]), server(80, "HTTP", [HOST]))), []);
        const redirect = { ...server(80, "HTTP", [HOST]), tls: { httpsRedirect: true } };
        assert.deepEqual(told(twice(redirect, redirect)), []);
    });
});
