import assert from "node:assert/strict";
import fc from "fast-check";
import { review } from "../../../../review";

const HOST = "api.partner.example";

const object = (kind: string, namespace: string, name: string, spec: object) => ({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name, namespace },
    spec,
});

const ports = [{ number: 80, name: "http", protocol: "HTTP" }];
const to = (host: string) => [{ route: [{ destination: { host } }] }];

/** A host that leaves through the gateway of the namespace. */
const owned = (namespace: string, host = HOST) => [
    object("ServiceEntry", namespace, "partner", { hosts: [host], ports, resolution: "DNS" }),
    object("VirtualService", namespace, "partner", {
        hosts: [host],
        gateways: ["mesh", "door"],
        http: [
            { match: [{ gateways: ["mesh"] }], ...to(`door.${namespace}.svc.cluster.local`)[0] },
            { match: [{ gateways: ["door"] }], ...to(host)[0] },
        ],
    }),
];

function found(...objects: object[]): [string, string][] {
    return review(objects)
        .findings.filter(({ rule }) => rule === "host-claimed-elsewhere")
        .map(({ object: { namespace, name }, path }) => [`${namespace}/${name}`, path ?? ""]);
}

describe("host-claimed-elsewhere", () => {
    it("names each object of another namespace that claims the host", () => {
        const claims = [
            object("VirtualService", "tenant", "service", { hosts: ["mine.example", HOST], http: to("mine") }),
            object("ServiceEntry", "tenant", "entry", { hosts: [HOST], ports, resolution: "DNS" }),
            object("DestinationRule", "tenant", "rule", { host: HOST, exportTo: ["."] }),
        ];
        assert.deepEqual(found(...owned("egress"), ...claims), [
            ["tenant/entry", "spec.hosts[0]"],
            ["tenant/service", "spec.hosts[1]"],
            ["tenant/rule", "spec.host"],
        ]);
    });

    it("lets a namespace have a way of its own that does not see the gateway's entry, and that no other sees", () => {
        const [entry, route] = owned("egress");
        const narrow = { ...entry, spec: { ...entry.spec, exportTo: [".", "payments"] } };
        const rule = (exportTo: string[]) => object("DestinationRule", "tenant", "rule", { host: HOST, exportTo });
        assert.deepEqual(found(narrow, route, rule(["."])), []);
        assert.deepEqual(found(narrow, route, rule(["*"])), [["tenant/rule", "spec.host"]]);
        assert.deepEqual(found(entry, route, rule(["."])), [["tenant/rule", "spec.host"]]);
    });

    it("compares names as Istio does, whatever their case, and sees every wildcard above them", () => {
        const anyCase = fc
            .tuple(
                fc.constantFrom(HOST, `${HOST}.`, "*.partner.example", "*.example", "*"),
                fc.infiniteStream(fc.boolean()),
            )
            .map(([host, upper]) =>
                [...host].map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join(""),
            );
        fc.assert(
            fc.property(anyCase, (host) => {
                const claim = object("DestinationRule", "tenant", "rule", { host });
                assert.equal(found(...owned("egress"), claim).length, 1, host);
            }),
        );
    });

    const silent: [what: string, objects: object[]][] = [
        ["the gateway's own objects", []],
        ["another host", [object("VirtualService", "tenant", "a", { hosts: ["other.example"], http: to("mine") })]],
        [
            "an ingress gateway's route",
            [object("VirtualService", "tenant", "a", { hosts: [HOST], gateways: ["ingress"], http: to("mine") })],
        ],
        ["the root namespace", [object("DestinationRule", "istio-system", "default", { host: "*" })]],
        ["a namespace whose own gateway the host leaves through", owned("other")],
    ];
    for (const [what, objects] of silent) {
        it(`says nothing of ${what}`, () => {
            assert.deepEqual(found(...owned("egress"), ...objects), []);
        });
    }

    it("says nothing of a host that no gateway has", () => {
        const [entry] = owned("egress");
        assert.deepEqual(found(entry, object("DestinationRule", "tenant", "rule", { host: HOST })), []);
    });
});
