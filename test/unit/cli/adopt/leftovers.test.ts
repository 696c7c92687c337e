import assert from "node:assert/strict";
import fc from "fast-check";
import { adopt } from "../../../../cli/adopt/adopt";
import { RawObject } from "../../../../review/rawObject";
import { GUIDES, HOST, OLD_GATEWAY } from "../../../support/guides";
import {
    HTTP,
    HTTPS,
    SECRET_VALUE,
    destinationRule,
    serviceEntry,
    virtualService,
    way,
} from "../../../support/objects";

const told = (objects: RawObject[]) =>
    adopt(objects).notCarried.map(({ object, path, reason }) => `${object.kind} ${path}: ${reason}`);

/** The guide's objects, one of them with something more in its spec. */
function changed(kind: string, change: (spec: Record<string, unknown>) => object): RawObject[] {
    let isDone = false;
    return GUIDES.mutualTls.map((object) => {
        if (object.kind !== kind || isDone) {
            return object;
        }
        isDone = true;
        const spec = structuredClone(object.spec) as Record<string, unknown>;
        return { ...object, spec: { ...spec, ...change(spec) } };
    });
}

describe("what an adoption cannot carry over", () => {
    it("is told by its path, whatever setting it is", () => {
        const routes = ({ http }: Record<string, unknown>) => http as object[];
        for (const [kind, change, path] of [
            [
                "VirtualService",
                (spec: Record<string, unknown>) => ({
                    http: routes(spec).map((one, index) => (index === 1 ? { ...one, timeout: "5s" } : one)),
                }),
                "spec.http[1].timeout",
            ],
            [
                "VirtualService",
                (spec: Record<string, unknown>) => ({
                    http: [{ ...routes(spec)[0], retries: { attempts: 3 } }, ...routes(spec).slice(1)],
                }),
                "spec.http[0].retries",
            ],
            ["ServiceEntry", () => ({ addresses: ["192.0.2.1"] }), "spec.addresses"],
            ["ServiceEntry", () => ({ workloadSelector: { labels: { app: "a" } } }), "spec.workloadSelector"],
            [
                "DestinationRule",
                () => ({ trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }),
                "spec.trafficPolicy.outlierDetection",
            ],
            ["DestinationRule", () => ({ somethingNew: true }), "spec.somethingNew"],
        ] as const) {
            assert.ok(
                told(changed(kind, change)).some((line) => line.startsWith(`${kind} ${path}: `)),
                path,
            );
        }
    });

    it("is every leaf that is added anywhere to a spec", () => {
        fc.assert(
            fc.property(fc.constantFrom("ServiceEntry", "VirtualService", "DestinationRule", "Gateway"), (kind) => {
                const before = told(GUIDES.mutualTls).length;
                assert.equal(told(changed(kind, () => ({ unheardOf: { deep: [1] } }))).length, before + 1);
            }),
        );
    });

    for (const [what, objects, reason] of [
        ["a wildcard", [serviceEntry("all", ["*.partner.example"], [HTTPS])], /wildcard/],
        [
            "a service of the cluster",
            [
                virtualService("in", ["web.shop.svc.cluster.local"], ["istio-egressgateway", "mesh"], {
                    http: [
                        way(["mesh"], 80, OLD_GATEWAY, 80),
                        way(["istio-egressgateway"], 80, "web.shop.svc.cluster.local", 443),
                    ],
                }),
            ],
            /service of the cluster/,
        ],
        [
            "a gateway's host that the application resolves",
            GUIDES.mutualTls.map((one) =>
                one.kind === "ServiceEntry"
                    ? serviceEntry("partner", [HOST], [HTTP, HTTPS], { resolution: "NONE" })
                    : one,
            ),
            /resolution NONE/,
        ],
        [
            "several endpoints",
            GUIDES.mutualTls.map((one) =>
                one.kind === "ServiceEntry"
                    ? serviceEntry("partner", [HOST], [HTTP], {
                          endpoints: [{ address: "192.0.2.1" }, { address: "192.0.2.2" }],
                      })
                    : one,
            ),
            /2 endpoints/,
        ],
    ] as const) {
        it(`is a host, with the reason: ${what}`, () => {
            const adoption = adopt([...objects]);
            assert.deepEqual(adoption.routes, []);
            assert.match(adoption.notCarried.map((one) => one.reason).join("\n"), reason);
        });
    }

    it("is what a rule says of names: another SNI, other alternative names, none at all", () => {
        const rule = (tls: object) => [
            ...GUIDES.mutualTls.filter(({ metadata }) => !JSON.stringify(metadata).includes("originate")),
            destinationRule("istio-system/originate", HOST, {
                mode: "MUTUAL",
                credentialName: "client-credential",
                ...tls,
            }),
        ];
        assert.match(
            told(rule({ sni: "other.example", subjectAltNames: [HOST] })).join("\n"),
            /tls\.sni: .*another name/,
        );
        assert.match(
            told(rule({ sni: HOST, subjectAltNames: ["other.example"] })).join("\n"),
            /only for api\.partner\.example/,
        );
        assert.match(told(rule({ insecureSkipVerify: true })).join("\n"), /always verifies/);
    });

    it("is a host that only a gateway routes, which no object of the mesh leads calls to", () => {
        const objects = GUIDES.mutualTls.map((one) =>
            one.kind === "VirtualService"
                ? virtualService("onward", [HOST], ["istio-egressgateway"], {
                      http: [way(["istio-egressgateway"], 443, HOST, 443)],
                  })
                : one,
        );
        assert.deepEqual(adopt(objects).routes, []);
        assert.match(told(objects).join("\n"), /no VirtualService routes calls of the mesh to that gateway/);
    });

    it("never ends in an error, whatever the objects are", () => {
        const kinds = [
            "ServiceEntry",
            "VirtualService",
            "DestinationRule",
            "Gateway",
            "AuthorizationPolicy",
            "Service",
        ];
        const value = fc.letrec<{ any: unknown }>((tie) => ({
            any: fc.oneof(
                { depthSize: "small" },
                fc.constantFrom(HOST, OLD_GATEWAY, "mesh", 80, 443, null, "MUTUAL", "*", "."),
                fc.array(tie("any"), { maxLength: 3 }),
                fc.dictionary(
                    fc.constantFrom(
                        ...[
                            "hosts",
                            "host",
                            "ports",
                            "number",
                            "gateways",
                            "http",
                            "tls",
                            "match",
                            "route",
                            "destination",
                        ],
                        ...[
                            "port",
                            "trafficPolicy",
                            "portLevelSettings",
                            "mode",
                            "credentialName",
                            "servers",
                            "rules",
                            "to",
                        ],
                    ),
                    tie("any"),
                    { maxKeys: 5, noNullPrototype: true },
                ),
            ),
        })).any;
        const object = fc.record({ kind: fc.constantFrom(...kinds), spec: value }).map(({ kind, spec }): RawObject => ({
            apiVersion:
                kind === "Service"
                    ? "v1"
                    : kind === "AuthorizationPolicy"
                      ? "security.istio.io/v1"
                      : "networking.istio.io/v1",
            kind,
            metadata: { name: "any", namespace: "any" },
            spec,
        }));
        fc.assert(fc.property(fc.array(object, { maxLength: 6 }), (all) => void adopt([...GUIDES.mutualTls, ...all])));
    });

    it("holds no content of a secret", () => {
        assert.ok(!JSON.stringify(adopt(GUIDES.mutualTls)).includes(SECRET_VALUE));
    });
});
