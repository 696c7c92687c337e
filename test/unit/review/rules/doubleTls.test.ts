import assert from "node:assert/strict";
import {
    HTTP,
    HTTPS,
    HTTP_TO_TLS,
    destinationRule,
    gateway,
    server,
    serviceEntry,
    toldBy,
    virtualService,
} from "../../../support/objects";

const told = toldBy("double-tls");

const HOST = "api.partner.example";
const NAMED = { sni: HOST, subjectAltNames: [HOST] };
const entry = (ports: object[], rest = {}) => serviceEntry("app/partner", [HOST], ports, { exportTo: ["."], ...rest });
const rule = (tls: object | undefined, rest = {}) =>
    destinationRule("app/partner", HOST, tls as Record<string, unknown>, { exportTo: ["."], ...rest });
const simple = (tls: object, rest = {}) => rule({ mode: "SIMPLE", ...tls }, rest);

describe("double-tls", () => {
    const found = ["double-tls DestinationRule app/partner spec.trafficPolicy.tls"];

    it("finds origination on a port where the application speaks TLS", () => {
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED)]), found);
        assert.deepEqual(told([entry([{ ...HTTPS, protocol: "TLS" }]), simple(NAMED)]), found);
        const workloadSelector = { matchLabels: { app: "a" } };
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED, { workloadSelector })]), found);
    });

    it("takes it on an HTTP port, on another port, and where only a gateway reads the rule", () => {
        assert.deepEqual(told([entry([HTTP_TO_TLS]), simple(NAMED)]), []);
        const onlyHttp = { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "SIMPLE", ...NAMED } }] };
        assert.deepEqual(told([entry([HTTP, HTTPS]), rule(undefined, { trafficPolicy: onlyHttp })]), []);
        const gatewayHere = gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]);
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED), gatewayHere]), []);
    });

    it("takes it where a route by SNI leads the port elsewhere", () => {
        const tls = [
            {
                match: [{ gateways: ["mesh"], port: 443, sniHosts: [HOST] }],
                route: [{ destination: { host: "egress.gateways.svc.cluster.local", port: { number: 15444 } } }],
            },
        ];
        const elsewhere = virtualService("app/partner", [HOST], ["mesh"], { tls });
        assert.deepEqual(told([entry([HTTPS]), simple(NAMED), elsewhere]), []);
    });
});
