import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { HTTP_TO_TLS, destinationRule, gateway, secret, server, serviceEntry, toldBy } from "../../support/objects";

const told = toldBy(
    "cacert-credential",
    "credential-elsewhere",
    "credential-without-ca",
    "ignored-secret-type",
    "mixed-credential-keys",
    "stray-ca-secret",
);

const HOST = "api.partner.example";
const own = { exportTo: ["."] };
const WHOLE = ["tls.crt", "tls.key", "ca.crt"];

/** A gateway that originates TLS with a credential, beside some secrets. */
function using(credentialName: string, secrets: RawObject[], mode = "MUTUAL"): RawObject[] {
    return [
        serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], own),
        gateway("gateways/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
        destinationRule("gateways/partner", HOST, { mode, credentialName, sni: HOST, subjectAltNames: [HOST] }, own),
        ...secrets,
    ];
}

it("a whole credential has no finding, with or without a revocation list, in either format", () => {
    const whole = [WHOLE, [...WHOLE, "ca.crl"], ["cert", "key", "cacert"], ["cert", "key", "cacert", "crl"]];
    for (const keys of whole) {
        assert.deepEqual(told(using("partner", [secret("gateways/partner", keys)])), []);
    }
    const simple = [secret("gateways/partner-cacert", ["ca.crt"])];
    assert.deepEqual(told(using("partner", simple, "SIMPLE")), []);
});

it("names that begin with istio or prometheus, and a token beside the keys, are taken: Istio 1.31 reads them", () => {
    for (const name of ["istio-partner", "prometheus-partner"]) {
        assert.deepEqual(told(using(name, [secret(`gateways/${name}`, [...WHOLE, "token"])])), []);
    }
});

describe("stray-ca-secret", () => {
    const stray = secret("gateways/partner-cacert", ["ca.crt"]);

    it("finds a companion that wins over the credential's own CA", () => {
        assert.deepEqual(told(using("partner", [secret("gateways/partner", WHOLE), stray])), [
            "stray-ca-secret Secret gateways/partner-cacert metadata.name",
        ]);
    });

    it("takes one that brings the CA, and one in another namespace", () => {
        assert.deepEqual(told(using("partner", [secret("gateways/partner", ["tls.crt", "tls.key"]), stray])), []);
        const elsewhere = secret("app/partner-cacert", ["ca.crt"]);
        assert.deepEqual(told(using("partner", [secret("gateways/partner", WHOLE), elsewhere])), []);
    });
});

describe("cacert-credential", () => {
    it("finds a client certificate under the name of a companion", () => {
        assert.deepEqual(told(using("partner-cacert", [])), [
            "cacert-credential DestinationRule gateways/partner spec.trafficPolicy.tls.credentialName",
        ]);
        assert.deepEqual(told(using("partner-cacert", [], "SIMPLE")), []);
    });
});

describe("mixed-credential-keys", () => {
    const found = ["mixed-credential-keys Secret gateways/partner data"];

    it("finds a revocation list that is not read", () => {
        for (const keys of [
            [...WHOLE, "crl"],
            ["cert", "key", "cacert", "ca.crl"],
            ["cert", "key", "ca.crt", "crl"],
        ]) {
            assert.deepEqual(told(using("partner", [secret("gateways/partner", keys)])), found, String(keys));
        }
        const companion = secret("gateways/partner-cacert", ["ca.crt", "crl"]);
        assert.deepEqual(told(using("partner", [companion], "SIMPLE")), [
            "mixed-credential-keys Secret gateways/partner-cacert data",
        ]);
    });

    it("finds both formats in one secret", () => {
        assert.deepEqual(told(using("partner", [secret("gateways/partner", [...WHOLE, "cert", "key"])])), found);
    });

    it("takes such keys in a secret that is no credential", () => {
        const other = secret("gateways/other", [...WHOLE, "crl", "cert", "key"]);
        assert.deepEqual(told(using("partner", [secret("gateways/partner", WHOLE), other])), []);
    });
});

describe("credential-without-ca", () => {
    it("finds a credential that trusts nobody", () => {
        const found = ["credential-without-ca Secret gateways/partner data"];
        assert.deepEqual(told(using("partner", [secret("gateways/partner", ["tls.crt", "tls.key"])])), found);
        const empty = secret("gateways/partner", WHOLE);
        assert.deepEqual(
            told(using("partner", [{ ...empty, data: { ...(empty.data as object), "ca.crt": "" } }])),
            found,
        );
    });

    it("keeps silent about a credential that the set does not hold", () => {
        assert.deepEqual(told(using("partner", [])), []);
    });
});

describe("credential-elsewhere", () => {
    const found = ["credential-elsewhere DestinationRule gateways/partner spec.trafficPolicy.tls.credentialName"];

    it("finds a secret in another namespace than the gateway's", () => {
        assert.deepEqual(told(using("partner", [secret("app/partner", WHOLE)])), found);
        assert.deepEqual(told(using("partner", [secret("app/partner-cacert", ["ca.crt"])], "SIMPLE")), found);
        assert.deepEqual(told(using("partner", [secret("app/partner", WHOLE), secret("gateways/partner", WHOLE)])), []);
    });

    it("looks at the credentials of subsets too", () => {
        const [entry, egress] = using("unused", []);
        const tls = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
        const subsets = [{ name: "billing", trafficPolicy: { tls } }];
        const rule = destinationRule("gateways/partner", HOST, undefined, { ...own, subsets });
        assert.deepEqual(told([entry, egress, rule, secret("app/partner", WHOLE)]), [
            "credential-elsewhere DestinationRule gateways/partner spec.subsets[0].trafficPolicy.tls.credentialName",
        ]);
        assert.deepEqual(told([entry, egress, rule, secret("gateways/partner", WHOLE)]), []);
    });

    it("finds a secret in another namespace than the workloads' that a rule selects", () => {
        const rule = (namespace: string) => [
            destinationRule(
                `${namespace}/partner`,
                HOST,
                { mode: "SIMPLE", credentialName: "partner" },
                {
                    workloadSelector: { matchLabels: { app: "billing" } },
                },
            ),
            secret("app/partner", WHOLE),
        ];
        assert.deepEqual(told(rule("app")), []);
        assert.deepEqual(told(rule("other")), [
            "credential-elsewhere DestinationRule other/partner spec.trafficPolicy.tls.credentialName",
        ]);
    });
});

describe("ignored-secret-type", () => {
    it("finds types that istiod does not watch", () => {
        const typed = (type: string) => told(using("partner", [secret("gateways/partner", WHOLE, type)]));
        assert.deepEqual(typed("kubernetes.io/service-account-token"), [
            "ignored-secret-type Secret gateways/partner type",
        ]);
        assert.deepEqual(typed("kubernetes.io/tls"), []);
        assert.deepEqual(typed("example.com/own"), []);
    });
});
