import assert from "node:assert/strict";
import { dnsFilter } from "../../../../plan/egress/route/wildcard/dnsCache";
import { istioObject } from "../../../../plan/shared/kubernetesObject";
import { HTTP_TO_TLS, destinationRule, serviceEntry, toldBy } from "../../../support/objects";
import { HOST, own, soundRoute } from "../../../support/soundRoute";

const told = toldBy("gateway-without-name");

describe("gateway-without-name", () => {
    it("finds hosts that a gateway cannot resolve", () => {
        for (const resolution of ["NONE", "DYNAMIC_DNS"]) {
            const entry = serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], { ...own, resolution });
            assert.deepEqual(told(soundRoute({ entry })), [
                "gateway-without-name ServiceEntry gateways/partner spec.resolution",
            ]);
        }
    });

    it("finds wildcards", () => {
        const entry = serviceEntry("gateways/partner", ["*.partner.example"], [HTTP_TO_TLS], own);
        const found = ["gateway-without-name ServiceEntry gateways/partner spec.hosts[0]"];
        assert.deepEqual(told(soundRoute({ entry })), found);
        const originate = destinationRule("gateways/partner", "*.partner.example", { mode: "SIMPLE" }, own);
        assert.deepEqual(told(soundRoute({ entry, originate })), found);
    });

    it("takes a wildcard whose DNS cache the gateway has a filter for, and no other's", () => {
        const entry = serviceEntry("gateways/partner", ["*.partner.example"], [HTTP_TO_TLS], {
            ...own,
            resolution: "DYNAMIC_DNS",
        });
        const originate = destinationRule("gateways/partner", "*.partner.example", { mode: "SIMPLE" }, own);
        const filter = (namespace: string, host: string) => {
            const { metadata, spec } = dnsFilter({ name: "egress", namespace }, "ipv4", host, ["to-partner"]);
            return istioObject("EnvoyFilter", metadata, spec);
        };
        const found = ["gateway-without-name ServiceEntry gateways/partner spec.hosts[0]"];
        const objects = soundRoute({ entry, originate });
        assert.deepEqual(told([...objects, filter("gateways", "*.partner.example")]), []);
        assert.deepEqual(told([...objects, filter("gateways", "*.other.example")]), found);
        assert.deepEqual(told([...objects, filter("elsewhere", "*.partner.example")]), found);
    });

    it("takes both where sidecars originate", () => {
        const entry = serviceEntry("app/partner", ["*.partner.example"], [HTTP_TO_TLS], { ...own, resolution: "NONE" });
        const originate = destinationRule("app/partner", "*.partner.example", { mode: "SIMPLE" }, own);
        assert.deepEqual(told([entry, originate]), []);
    });

    it("takes resolution NONE at a gateway that originates no TLS", () => {
        const entry = serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], { ...own, resolution: "NONE" });
        const originate = destinationRule("gateways/partner", HOST, { mode: "DISABLE" }, own);
        assert.deepEqual(told(soundRoute({ entry, originate })), []);
    });
});
