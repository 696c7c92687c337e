import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { RULES } from "../../../review/rules";
import { POLICIES } from "../../../policy/policies";
import {
    HTTP,
    HTTPS,
    HTTP_TO_TLS,
    TCP,
    destinationRule,
    gateway,
    gatewayApi,
    secret,
    server,
    service,
    serviceEntry,
    virtualService,
    way,
} from "../../support/objects";
import { NOT_KNOWN, RunningPack, resourceOf, urnOf } from "../../support/policy";

const HOST = "api.partner.example";
const GATEWAY = "egress.gateways.svc.cluster.local";
const own = { exportTo: ["."] };
const NAMED = { sni: HOST, subjectAltNames: [HOST] };
const MUTUAL = { mode: "MUTUAL", credentialName: "partner", ...NAMED };
const WHOLE = ["tls.crt", "tls.key", "ca.crt"];
const workloadSelector = { matchLabels: { app: "billing" } };
const anyTls = server(443, "HTTPS", ["*"], "ISTIO_MUTUAL");

const severityOf = (id: string) => RULES.find((one) => one.id === id)?.severity ?? "advisory";
const entry = (rest = {}, ports: object[] = [HTTP_TO_TLS]) =>
    serviceEntry("gateways/partner", [HOST], ports, { ...own, ...rest });
const rule = (tls: Record<string, unknown>, rest = {}) =>
    destinationRule("gateways/partner", HOST, tls, { ...own, ...rest });
const egress = (one: object = anyTls) => gateway("gateways/egress", [one]);
const through = virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
    http: [way(["mesh"], 80, GATEWAY, 443), way(["egress"], 443, HOST, 80)],
});
const inMesh = (name: string, tls: Record<string, unknown>, rest = {}) =>
    destinationRule(`app/${name}`, HOST, tls, rest);
const appEntry = serviceEntry("app/partner", [HOST], [HTTP_TO_TLS], own);
const using = (keys: string[], type?: string, ...more: RawObject[]) => [
    entry(),
    egress(),
    rule(MUTUAL),
    secret("gateways/partner", keys, type),
    ...more,
];
const bySni = (gateways: string, host: string, toPort: number) => ({
    match: [{ gateways: [gateways], port: 443, sniHosts: [HOST] }],
    route: [{ destination: { host, port: { number: toPort } } }],
});
const passing = [
    serviceEntry("gateways/partner", [HOST], [{ ...HTTPS, protocol: "TLS" }], own),
    egress(server(443, "TLS", [HOST], "PASSTHROUGH")),
    virtualService("gateways/partner", [HOST], ["mesh", "egress"], {
        tls: [bySni("mesh", GATEWAY, 443), bySni("egress", HOST, 443)],
    }),
];
const alone = (name: string, port: number) =>
    virtualService(name, [HOST], ["mesh"], { http: [way(["mesh"], port, HOST, port)] });
const database = (name: string, address: string) =>
    serviceEntry(`app/${name}`, [`${name}.partner.example`], [TCP], { ...own, addresses: [address] });
const listed = (exportTo: string[]) => [entry({ exportTo }, [HTTP]), egress(), through];
const alias = service("app/partner", { type: "ExternalName", externalName: HOST });
const backend = (tls: object) => [
    gatewayApi("Gateway", "app/egress", { gatewayClassName: "istio", listeners: [], tls }),
];

interface Case {
    breaks: RawObject[];
    keeps: RawObject[];
    config?: Record<string, unknown>;
}

/** For each rule a stack that breaks it and one, as near to it as may be, that does not. */
const CASES: Record<string, Case> = {
    "server-name-unchecked": {
        breaks: [rule({ mode: "SIMPLE", sni: HOST })],
        keeps: [rule({ mode: "SIMPLE", ...NAMED })],
    },
    "sidecar-credential": {
        breaks: [appEntry, inMesh("partner", MUTUAL, own)],
        keeps: [appEntry, inMesh("partner", MUTUAL, own), gateway("app/egress", [anyTls])],
    },
    "selector-leaves-others": {
        breaks: [appEntry, inMesh("partner", MUTUAL, { workloadSelector })],
        keeps: [
            appEntry,
            inMesh("partner", MUTUAL, { workloadSelector }),
            inMesh("fallback", { mode: "SIMPLE", ...NAMED }, { exportTo: ["app"] }),
        ],
    },
    "fallback-lost": {
        breaks: [
            inMesh("partner", MUTUAL, { workloadSelector }),
            inMesh("fallback", { mode: "SIMPLE", ...NAMED }, own),
        ],
        keeps: [
            inMesh("partner", MUTUAL, { workloadSelector }),
            inMesh("fallback", { mode: "SIMPLE", ...NAMED }, { exportTo: ["app"] }),
        ],
    },
    "plaintext-to-gateway": {
        breaks: [entry(), egress(server(443, "HTTP", ["*"])), rule(MUTUAL), through],
        keeps: [entry(), egress(), rule(MUTUAL), through],
    },
    "double-tls": {
        breaks: [
            serviceEntry("app/partner", [HOST], [HTTPS], own),
            inMesh("partner", { mode: "SIMPLE", ...NAMED }, own),
        ],
        keeps: [appEntry, inMesh("partner", { mode: "SIMPLE", ...NAMED }, own)],
    },
    "origination-and-passthrough": {
        breaks: [...passing, rule({ mode: "SIMPLE", ...NAMED })],
        keeps: [...passing, rule({ mode: "DISABLE" })],
    },
    "gateway-without-name": {
        breaks: [entry({ resolution: "NONE" }), egress(), rule(MUTUAL), through],
        keeps: [entry(), egress(), rule(MUTUAL), through],
    },
    "gateway-api-client-certificate": {
        breaks: backend({ backend: { clientCertificateRef: { name: "partner" } } }),
        keeps: backend({}),
    },
    "root-namespace-rule": {
        breaks: [entry(), egress(), rule({ mode: "SIMPLE" }, { exportTo: ["*"] }), through],
        keeps: [entry(), egress(), rule({ mode: "SIMPLE" }), through],
        config: { rootNamespace: "gateways" },
    },
    "allow-list-under-allow-any": {
        breaks: listed([".", "payments"]),
        keeps: listed(["*"]),
        config: { outboundTrafficPolicy: "ALLOW_ANY" },
    },
    "external-name-blocked": {
        breaks: [alias],
        keeps: [alias, appEntry],
        config: { outboundTrafficPolicy: "REGISTRY_ONLY" },
    },
    "shared-tcp-port": {
        breaks: [database("a", "240.99.0.1"), database("b", "240.99.0.1")],
        keeps: [database("a", "240.99.0.1"), database("b", "240.99.0.2")],
    },
    "virtual-service-twice": {
        breaks: [alone("a/one", 80), alone("b/two", 80)],
        keeps: [alone("a/one", 80), alone("b/two", 81)],
    },
    "service-entry-twice": {
        breaks: [serviceEntry("a/one", [HOST], [HTTP]), serviceEntry("b/two", [HOST], [HTTP_TO_TLS])],
        keeps: [serviceEntry("a/one", [HOST], [HTTP]), serviceEntry("b/two", [HOST], [HTTPS])],
    },
    "destination-rule-twice": {
        breaks: [inMesh("one", { mode: "SIMPLE" }), inMesh("two", { mode: "DISABLE" })],
        keeps: [inMesh("one", { mode: "SIMPLE" }), inMesh("two", { mode: "SIMPLE" })],
    },
    "gateway-host-twice": {
        breaks: [gateway("a/one", [anyTls]), gateway("b/two", [anyTls])],
        keeps: [gateway("a/one", [anyTls]), gateway("b/two", [anyTls], { istio: "another" })],
    },
    "credential-elsewhere": {
        breaks: [entry(), egress(), rule(MUTUAL), secret("app/partner", WHOLE)],
        keeps: using(WHOLE),
    },
    "credential-without-ca": { breaks: using(["tls.crt", "tls.key"]), keeps: using(WHOLE) },
    "cacert-credential": {
        breaks: [rule({ ...MUTUAL, credentialName: "partner-cacert" })],
        keeps: [rule(MUTUAL)],
    },
    "stray-ca-secret": {
        breaks: using(WHOLE, undefined, secret("gateways/partner-cacert", ["ca.crt"])),
        keeps: using(WHOLE, undefined, secret("app/partner-cacert", ["ca.crt"])),
    },
    "mixed-credential-keys": { breaks: using([...WHOLE, "crl"]), keeps: using([...WHOLE, "ca.crl"]) },
    "ignored-secret-type": {
        breaks: using(WHOLE, "kubernetes.io/service-account-token"),
        keeps: using(WHOLE, "kubernetes.io/tls"),
    },
    "impossible-name": { breaks: [service("a".repeat(64), {})], keeps: [service("a".repeat(63), {})] },
};

describe("policies of the review", () => {
    let pack: RunningPack;

    before(async () => {
        pack = await RunningPack.start();
    });

    afterEach(() => pack.configure({}));
    after(() => pack.stop());

    it("are one for each rule", () => {
        assert.deepEqual(Object.keys(CASES).sort(), RULES.map(({ id }) => id).sort());
    });

    it("are served with the pack's others, each at its level", async () => {
        const served = (await pack.policies()).map(({ name, level }) => [name, level]);
        assert.deepEqual(
            served,
            POLICIES.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
        );
    });

    for (const [id, { breaks, keeps, config }] of Object.entries(CASES)) {
        it(`${id}: finds the stack that breaks it, takes the one that does not`, async () => {
            await pack.configure(config ? { [id]: { level: severityOf(id), ...config } } : {});
            const found = await pack.violations(breaks.map(resourceOf), id);
            assert.ok(found.length > 0, "nothing found");
            for (const { level, urn } of found) {
                assert.equal(level, severityOf(id));
                assert.ok(
                    breaks.some((object) => urnOf(resourceOf(object)) === urn),
                    urn,
                );
            }
            assert.deepEqual(await pack.violations(keeps.map(resourceOf), id), []);
        });
    }

    it("tell the object, the path, what is wrong and what to do, at the resource to change", async () => {
        const [{ message, urn }] = await pack.violations(CASES["server-name-unchecked"].breaks.map(resourceOf));
        assert.match(
            message,
            /DestinationRule gateways\/partner: spec\.trafficPolicy\.tls\.sni: "api\.partner\.example" is set/,
        );
        assert.match(message, /Add subjectAltNames: \["api\.partner\.example"\]\.$/);
        assert.match(urn, /DestinationRule::gateways-partner$/);
    });

    it("keep silent about what a preview does not know", async () => {
        const unchecked = "server-name-unchecked";
        const names = [rule({ mode: "SIMPLE", sni: HOST, subjectAltNames: NOT_KNOWN })];
        assert.deepEqual(await pack.violations(names.map(resourceOf), unchecked), []);
        const list = [rule({ mode: "SIMPLE", sni: HOST, subjectAltNames: [NOT_KNOWN] })];
        assert.deepEqual(await pack.violations(list.map(resourceOf), unchecked), []);
        const data = using(WHOLE).map((object) => (object.data ? { ...object, data: NOT_KNOWN } : object));
        assert.deepEqual(await pack.violations(data.map(resourceOf)), []);
        const placed = { ...secret("app/partner", WHOLE), metadata: { name: "partner", namespace: NOT_KNOWN } };
        const elsewhere = [entry(), egress(), rule(MUTUAL), placed];
        assert.deepEqual(await pack.violations(elsewhere.map(resourceOf), "credential-elsewhere"), []);
    });

    it("know a secret's keys before its values", async () => {
        const objects = using(["tls.crt", "tls.key"]).map((object) =>
            object.data ? { ...object, data: { "tls.crt": NOT_KNOWN, "tls.key": NOT_KNOWN } } : object,
        );
        const found = await pack.violations(objects.map(resourceOf));
        assert.deepEqual(
            found.map(({ policy }) => policy),
            ["credential-without-ca"],
        );
    });

    it("take the provider's namespace for a resource without one", async () => {
        const bare = (object: RawObject) => ({
            ...resourceOf(object),
            props: { ...object, metadata: { name: "partner" } },
        });
        const [first, second, third, held] = using(WHOLE);
        const others = [first, second, third].map(resourceOf);
        const id = "credential-elsewhere";
        assert.equal((await pack.violations([...others, { ...bare(held), namespace: "app" }], id)).length, 1);
        assert.deepEqual(await pack.violations([...others, { ...bare(held), namespace: "gateways" }], id), []);
    });

    it("leave alone what is not of Kubernetes", async () => {
        const { props } = resourceOf(CASES["server-name-unchecked"].breaks[0]);
        const other = { type: "other:networking.istio.io/v1:DestinationRule", name: "partner", props };
        assert.deepEqual(await pack.violations([other, { type: "pulumi:pulumi:Stack", name: "test", props: {} }]), []);
    });
});
