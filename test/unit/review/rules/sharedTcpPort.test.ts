import assert from "node:assert/strict";
import { RawObject } from "../../../../review/rawObject";
import { HTTP, HTTPS, TCP, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("shared-tcp-port");
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
