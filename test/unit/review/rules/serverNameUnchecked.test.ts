import assert from "node:assert/strict";
import { HTTP_TO_TLS, TCP, destinationRule, gatewayApi, serviceEntry, toldBy } from "../../../support/objects";

const told = toldBy("server-name-unchecked");

const HOST = "api.partner.example";
const NAMED = { sni: HOST, subjectAltNames: [HOST] };
const entry = (ports: object[], rest = {}) => serviceEntry("app/partner", [HOST], ports, { exportTo: ["."], ...rest });
const rule = (tls: object | undefined, rest = {}) =>
    destinationRule("app/partner", HOST, tls as Record<string, unknown>, { exportTo: ["."], ...rest });
const simple = (tls: object, rest = {}) => rule({ mode: "SIMPLE", ...tls }, rest);

describe("server-name-unchecked", () => {
    const at = (path: string) => [`server-name-unchecked DestinationRule app/partner ${path}`];

    it("finds an SNI without subjectAltNames, wherever a rule has TLS settings", () => {
        const tls = { mode: "MUTUAL", sni: HOST };
        assert.deepEqual(told([rule(tls)]), at("spec.trafficPolicy.tls.sni"));
        const ports = [{ port: { number: 80 } }, { port: { number: 443 }, tls }];
        assert.deepEqual(
            told([rule(undefined, { trafficPolicy: { portLevelSettings: ports } })]),
            at("spec.trafficPolicy.portLevelSettings[1].tls.sni"),
        );
        const subsets = [{ name: "a" }, { name: "b", trafficPolicy: { portLevelSettings: ports } }];
        assert.deepEqual(
            told([rule(undefined, { subsets })]),
            at("spec.subsets[1].trafficPolicy.portLevelSettings[1].tls.sni"),
        );
    });

    it("takes both, neither, subjectAltNames alone, and TLS that is the mesh's own", () => {
        for (const tls of [NAMED, {}, { subjectAltNames: [HOST] }]) {
            assert.deepEqual(told([entry([HTTP_TO_TLS]), simple(tls)]), []);
        }
        for (const mode of ["ISTIO_MUTUAL", "DISABLE"]) {
            assert.deepEqual(told([rule({ mode, sni: HOST })]), []);
        }
    });

    it("takes the names of the entry for those of the rule", () => {
        const objects = [entry([HTTP_TO_TLS], { subjectAltNames: [HOST] }), simple({ sni: HOST })];
        assert.deepEqual(told(objects), []);
        const another = serviceEntry("app/other", ["other.partner.example"], [HTTP_TO_TLS], { exportTo: ["."] });
        const forAll = destinationRule("app/partner", "*.partner.example", { mode: "SIMPLE", sni: HOST });
        assert.deepEqual(told([objects[0], another, forAll]), at("spec.trafficPolicy.tls.sni"));
    });

    it("finds neither of them where calls are bytes without a host", () => {
        assert.deepEqual(told([entry([TCP]), simple({})]), at("spec.trafficPolicy.tls"));
        assert.deepEqual(told([entry([TCP]), simple(NAMED)]), []);
        assert.deepEqual(told([entry([TCP], { subjectAltNames: [HOST] }), simple({})]), []);
    });

    it("finds verification that is switched off", () => {
        assert.deepEqual(told([simple({ insecureSkipVerify: true })]), at("spec.trafficPolicy.tls.insecureSkipVerify"));
        assert.deepEqual(told([simple({ insecureSkipVerify: false })]), []);
    });

    it("finds a BackendTLSPolicy whose hostname is only sent", () => {
        const policy = (validation: object) => gatewayApi("BackendTLSPolicy", "app/partner", { validation });
        assert.deepEqual(told([policy({ hostname: HOST })]), [
            "server-name-unchecked BackendTLSPolicy app/partner spec.validation.hostname",
        ]);
        const subjectAltNames = [{ type: "Hostname", hostname: HOST }];
        assert.deepEqual(told([policy({ hostname: HOST, subjectAltNames })]), []);
    });
});
