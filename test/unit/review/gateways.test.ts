import assert from "node:assert/strict";
import { dnsFilter } from "../../../plan/egress/route/wildcard/dnsCache";
import { istioObject } from "../../../plan/shared/kubernetesObject";
import { RawObject } from "../../../review/rawObject";
import {
    HTTP_TO_TLS,
    destinationRule,
    gateway,
    gatewayApi,
    server,
    serviceEntry,
    toldBy,
    virtualService,
    way,
} from "../../support/objects";

const told = toldBy(
    "gateway-api-client-certificate",
    "gateway-host-twice",
    "gateway-without-name",
    "plaintext-to-gateway",
    "root-namespace-rule",
);

const HOST = "api.partner.example";
const GATEWAY = "egress.gateways.svc.cluster.local";
const MUTUAL = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
const own = { exportTo: ["."] };

/** A whole route, sound but for what a test changes in it. */
interface Parts {
    server?: object;
    leg?: RawObject;
    entry?: RawObject;
    originate?: RawObject;
}

function route(parts: Parts = {}): RawObject[] {
    return [
        parts.entry ?? serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], own),
        gateway("gateways/egress", [parts.server ?? server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
        parts.leg ?? destinationRule("gateways/egress", GATEWAY, { mode: "ISTIO_MUTUAL" }),
        parts.originate ?? destinationRule("gateways/partner", HOST, MUTUAL, own),
        virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
            http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80)],
        }),
    ];
}

it("the sound route of these tests has no finding", () => {
    assert.deepEqual(told(route()), []);
});

describe("plaintext-to-gateway", () => {
    it("finds a server of the gateway that asks nobody for a certificate", () => {
        const found = ["plaintext-to-gateway Gateway gateways/egress spec.servers[0].tls"];
        assert.deepEqual(told(route({ server: server(443, "HTTP", ["*"]) })), found);
        assert.deepEqual(told(route({ server: server(443, "HTTPS", ["*"], "SIMPLE") })), found);
        assert.deepEqual(told(route({ server: server(443, "HTTPS", ["*"], "MUTUAL") })), []);
    });

    it("finds a rule by which sidecars call the gateway without the mesh's identity", () => {
        for (const mode of ["DISABLE", "SIMPLE"]) {
            assert.deepEqual(told(route({ leg: destinationRule("gateways/egress", GATEWAY, { mode }) })), [
                "plaintext-to-gateway DestinationRule gateways/egress spec.trafficPolicy.tls.mode",
            ]);
        }
    });

    it("looks at the subset that the route names", () => {
        const leg = destinationRule("gateways/egress", GATEWAY, undefined, {
            subsets: [{ name: "partner", trafficPolicy: { tls: { mode: "DISABLE" } } }],
        });
        const objects = route({ leg }).slice(0, 4);
        const lead = (subset?: string) =>
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                http: [way(["mesh"], 80, GATEWAY, 443, subset), way(["egress"], 443, HOST, 80)],
            });
        assert.deepEqual(told([...objects, lead("partner")]), [
            "plaintext-to-gateway DestinationRule gateways/egress spec.subsets[0].trafficPolicy.tls.mode",
        ]);
        assert.deepEqual(told([...objects, lead()]), []);
    });

    it("finds it for a certificate that only some callers show", () => {
        const originate = destinationRule(
            "gateways/partner",
            HOST,
            { mode: "SIMPLE", sni: HOST, subjectAltNames: [HOST] },
            {
                ...own,
                subsets: [{ name: "billing", trafficPolicy: { tls: MUTUAL } }],
            },
        );
        const objects = route({ server: server(443, "HTTP", ["*"]), originate }).slice(0, 4);
        const onward = (subset?: string) =>
            virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
                http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80, subset)],
            });
        assert.deepEqual(told([...objects, onward("billing")]), [
            "plaintext-to-gateway Gateway gateways/egress spec.servers[0].tls",
        ]);
        assert.deepEqual(told([...objects, onward()]), []);
    });

    it("takes a plain leg to a gateway that shows no client certificate", () => {
        const originate = destinationRule("gateways/partner", HOST, { mode: "SIMPLE" }, own);
        assert.deepEqual(told(route({ server: server(443, "HTTP", ["*"]), originate })), []);
    });
});

describe("gateway-without-name", () => {
    it("finds hosts that a gateway cannot resolve", () => {
        for (const resolution of ["NONE", "DYNAMIC_DNS"]) {
            const entry = serviceEntry("gateways/partner", [HOST], [HTTP_TO_TLS], { ...own, resolution });
            assert.deepEqual(told(route({ entry })), [
                "gateway-without-name ServiceEntry gateways/partner spec.resolution",
            ]);
        }
    });

    it("finds wildcards", () => {
        const entry = serviceEntry("gateways/partner", ["*.partner.example"], [HTTP_TO_TLS], own);
        const found = ["gateway-without-name ServiceEntry gateways/partner spec.hosts[0]"];
        assert.deepEqual(told(route({ entry })), found);
        const originate = destinationRule("gateways/partner", "*.partner.example", { mode: "SIMPLE" }, own);
        assert.deepEqual(told(route({ entry, originate })), found);
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
        const objects = route({ entry, originate });
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
        assert.deepEqual(told(route({ entry, originate })), []);
    });
});

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
    });
});

describe("root-namespace-rule", () => {
    const context = { rootNamespace: "gateways" };
    const { credentialName, ...rest } = MUTUAL;
    const files = { clientCertificate: "/etc/tls.crt", privateKey: "/etc/tls.key", caCertificates: "/etc/ca.crt" };
    const shared = destinationRule("gateways/partner", HOST, { ...rest, ...files });

    it("takes a rule with a credential, which sidecars ignore", () => {
        const ignored = destinationRule("gateways/partner", HOST, { ...rest, credentialName });
        assert.deepEqual(told(route({ originate: ignored }), context), []);
    });

    it("finds a gateway's rule that the whole mesh reads", () => {
        assert.deepEqual(told(route({ originate: shared }), context), [
            "root-namespace-rule DestinationRule gateways/partner metadata.namespace",
        ]);
    });

    it("takes it in another namespace, and where it is private", () => {
        assert.deepEqual(told(route({ originate: shared }), { rootNamespace: "elsewhere" }), []);
        assert.deepEqual(told(route(), context), []);
    });

    it("takes a rule for the whole mesh that no gateway's route uses", () => {
        assert.deepEqual(told([destinationRule("gateways/all", "*.partner.example", { mode: "SIMPLE" })], context), []);
    });
});

describe("gateway-api-client-certificate", () => {
    const asking = (gatewayClassName: string, backend: object = { clientCertificateRef: { name: "partner" } }) =>
        gatewayApi("Gateway", "gateways/egress", { gatewayClassName, listeners: [], tls: { backend } });

    it("finds a client certificate that Istio would not send", () => {
        assert.deepEqual(told([asking("istio")]), [
            "gateway-api-client-certificate Gateway gateways/egress spec.tls.backend.clientCertificateRef",
        ]);
    });

    it("takes gateways of other implementations, and those that ask for none", () => {
        assert.deepEqual(told([asking("another")]), []);
        assert.deepEqual(told([asking("istio", {})]), []);
    });
});
