import assert from "node:assert/strict";
import fc from "fast-check";
import { AllowedCaller } from "../../../../../plan/shared/caller";
import { hostObjectName } from "../../../../../plan/shared/names";
import { callerOfPattern, identityPattern, validateCredentialCallers } from "../../../../../plan/egress/route/identity";
import { validateRoute } from "../../../../../plan/egress/route/validateRoute";
import { ResolvedRoute } from "../../../../../plan/egress/route/route";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { identityRoute as request, label } from "../../../../support/arbitraries";

/** The header as the gateway writes it. */
function header(trustDomain: string, namespace: string, account: string, subject = ""): string {
    return `By=spiffe://${trustDomain}/ns/egress/sa/door;Hash=0a1b;Cert="-----BEGIN%20CERTIFICATE";Subject="${subject}";URI=spiffe://${trustDomain}/ns/${namespace}/sa/${account}`;
}

/** Envoy matches the whole text. */
function matches(pattern: string, text: string): boolean {
    return new RegExp(`^(?:${pattern})$`).test(text);
}

interface HttpRoute {
    name: string;
    match: { headers?: Record<string, { regex: string }>; authority?: { regex: string } }[];
    route?: { destination: { host: string; subset?: string } }[];
    directResponse?: { status: number };
    headers?: { request: { remove: string[] } };
}

interface Rule {
    trafficPolicy: Policy;
    subsets: { name: string; trafficPolicy: Policy }[];
}

interface Policy {
    portLevelSettings: { tls: Record<string, unknown> }[];
}

function atGateway(route: ResolvedRoute): HttpRoute[] {
    const service = routeObjects(route).find(({ kind }) => kind === "VirtualService");
    return (service?.spec.http as HttpRoute[]).filter(({ name }) => name !== "to-gateway");
}

/** The name of the credential that the gateway shows `host` for a caller; undefined where it answers 403. */
function shown(route: ResolvedRoute, host: string, identity: string): unknown {
    const way = atGateway(route).find(({ match: [{ headers, authority }] }) => {
        const regex = headers?.["x-forwarded-client-cert"].regex;
        return (
            (regex === undefined || matches(regex, identity)) &&
            (authority === undefined || matches(authority.regex.slice("(?i)".length), host))
        );
    });
    const destination = way?.route?.[0].destination;
    if (destination === undefined) {
        assert.equal(way?.directResponse?.status, 403);
        return undefined;
    }
    assert.equal(destination.host, host);
    assert.ok(way?.headers?.request.remove.includes("x-forwarded-client-cert"));
    const rule = routeObjects(route).find(({ spec }) => spec.host === host)?.spec as unknown as Rule;
    const subset = rule.subsets.find(({ name }) => name === destination.subset);
    const { tls } = subset!.trafficPolicy.portLevelSettings[0];
    assert.equal(tls.mode, "MUTUAL");
    assert.equal(tls.sni, host);
    return tls.credentialName ?? (tls.privateKey as string).split("/").at(-2);
}

describe("a client certificate by workload identity", () => {
    it("is refused for none of the routes that give every caller one", () => {
        fc.assert(fc.property(request, (route) => assert.deepEqual(validateRoute(route), [])));
    });

    it("is shown for its own workloads and for nobody else", () => {
        fc.assert(
            fc.property(request, label(), label(), fc.nat(), (route, namespace, account, pick) => {
                const host = route.hosts[pick % route.hosts.length];
                const callers = route.credentialCallers ?? [];
                callers.forEach((caller, index) => {
                    const own = header(route.trustDomain, caller.namespace, caller.serviceAccounts?.[0] ?? account);
                    assert.equal(shown(route, host, own), route.credentials?.[index]);
                    assert.equal(shown(route, host, `${own};DNS=x`), route.credentials?.[index]);
                });
                const owner = callers.findIndex(
                    (one) => one.namespace === namespace && (one.serviceAccounts?.includes(account) ?? true),
                );
                assert.equal(
                    shown(route, host, header(route.trustDomain, namespace, account)),
                    owner < 0 ? undefined : route.credentials?.[owner],
                );
                assert.equal(shown(route, host, header("elsewhere", callers[0].namespace, account)), undefined);
                assert.equal(shown(route, host, ""), undefined);
            }),
        );
    });

    it("cannot be had by a subject that quotes another identity, nor by a list that begins with one", () => {
        fc.assert(
            fc.property(request, label(), (route, account) => {
                const [victim] = route.credentialCallers ?? [];
                const theirs = header(route.trustDomain, victim.namespace, victim.serviceAccounts?.[0] ?? "default");
                const [host] = route.hosts;
                const uri = theirs.slice(theirs.indexOf("URI="));
                const forger = (subject: string) =>
                    header(route.trustDomain, "not-a-caller-of-it-at-all", account, subject);
                // RFC 2253 puts a backslash before what would end the quotation or the field.
                for (const subject of [`CN=x\\;${uri}\\;y`, `CN=x\\"\\;${uri}`, uri, `CN=\\"\\;${uri};x`]) {
                    assert.equal(shown(route, host, forger(subject)), undefined, subject);
                }
                assert.equal(shown(route, host, `${theirs},${forger("")}`), undefined);
                assert.equal(shown(route, host, `${theirs};DNS=x,${forger("")}`), undefined);
            }),
        );
    });

    it("leaves no way to a host without a certificate, and names ways after hosts, subsets and credentials", () => {
        fc.assert(
            fc.property(request, (route) => {
                const names = atGateway(route).map(({ name }) => name);
                assert.equal(new Set(names).size, names.length);
                const first = `to-${hostObjectName(route.hosts[0])}.credential-0.${route.credentials?.[0]}`;
                assert.ok(names.includes(first), first);
                for (const { spec } of routeObjects(route).filter(({ kind }) => kind === "DestinationRule")) {
                    const { trafficPolicy } = spec as unknown as Rule;
                    const { tls } = trafficPolicy.portLevelSettings[0];
                    assert.deepEqual([tls.mode, tls.credentialName], ["SIMPLE", undefined]);
                }
            }),
        );
    });

    it("takes a dot in the trust domain for a dot", () => {
        const pattern = identityPattern({ namespace: "a", serviceAccounts: ["b"] }, "mesh.example");
        assert.ok(matches(pattern, header("mesh.example", "a", "b")));
        assert.ok(!matches(pattern, header("mesh-example", "a", "b")));
    });
});

describe("validateCredentialCallers", () => {
    const paths = (allowFrom: AllowedCaller[], credentialCallers?: AllowedCaller[], hasCredential = false) =>
        validateCredentialCallers({
            mode: "mutualTls",
            hosts: ["api.partner.example"],
            hasGateway: true,
            hasMesh: false,
            allowFrom,
            credentialCallers,
            hasCredential,
        }).map(({ path }) => path);
    const billing = { namespace: "payments", serviceAccounts: ["billing"] };
    const reporting = { namespace: "payments", serviceAccounts: ["reporting"] };
    const everybody = { namespace: "payments" };

    it("accepts one certificate for all, and one for each", () => {
        assert.deepEqual(paths([billing]), []);
        assert.deepEqual(paths([billing, reporting], [billing, reporting]), []);
        assert.deepEqual(
            paths([{ namespace: "payments", serviceAccounts: ["billing", "reporting"] }], [reporting, billing]),
            [],
        );
        assert.deepEqual(paths([everybody], [everybody]), []);
    });

    it("refuses both, and an empty list", () => {
        assert.deepEqual(paths([billing], [billing], true), ["credentials"]);
        assert.deepEqual(paths([billing], []), ["credentials"]);
    });

    it("refuses two certificates for a workload", () => {
        assert.deepEqual(paths([billing], [billing, billing]), ["credentials[1]"]);
        assert.deepEqual(paths([everybody], [everybody, billing]), ["credentials[1]"]);
    });

    it("refuses a certificate for strangers, and callers without one", () => {
        assert.deepEqual(paths([billing], [billing, reporting]), ["credentials[1]"]);
        assert.deepEqual(paths([billing], [everybody]), ["credentials[0]"]);
        assert.deepEqual(paths([billing, reporting], [billing]), ["allowFrom[1]"]);
        assert.deepEqual(paths([everybody], [billing]), ["allowFrom[0]"]);
    });
});

describe("the caller that an identity's pattern is for", () => {
    const caller: fc.Arbitrary<AllowedCaller> = fc.record(
        { namespace: label(), serviceAccounts: fc.array(label(), { minLength: 1, maxLength: 3 }) },
        { requiredKeys: ["namespace"], noNullPrototype: true },
    );
    const trustDomain = fc.constantFrom("cluster.local", "mesh.corp.example");

    it("is the one that it was made of", () => {
        fc.assert(
            fc.property(caller, trustDomain, (one, domain) => {
                assert.deepEqual(callerOfPattern(identityPattern(one, domain)), one);
            }),
        );
    });

    it("is not told of a pattern that was changed, which may let in others", () => {
        const changes = fc.constantFrom(
            (pattern: string) => `${pattern}|.*`,
            (pattern: string) => `.*${pattern}`,
            (pattern: string) => pattern.replace("/ns/", "/ns/.*"),
            (pattern: string) => pattern.replace("[0-9a-f]+", ".*"),
            () => ".*",
            () => "",
        );
        fc.assert(
            fc.property(caller, changes, (one, change) => {
                assert.equal(callerOfPattern(change(identityPattern(one, "cluster.local"))), undefined);
            }),
        );
    });
});
