import assert from "node:assert/strict";
import fc from "fast-check";
import { adopt } from "../../../../cli/adopt/adopt";
import { AdoptedRoute } from "../../../../cli/adopt/adoption";
import { EgressMode } from "../../../../plan/egress/route/options";
import { DEFAULT_PORTS, ResolvedRoute, serverPort } from "../../../../plan/egress/route/route";
import { callerNamespaces } from "../../../../plan/shared/caller";
import { RawObject } from "../../../../review/rawObject";
import { resolvedRoute } from "../../../support/arbitraries";
import { planObjects } from "../../../support/plans";

/** In these the objects of a route say everything that the route was given. */
const MODES: EgressMode[] = ["mutualTls", "simpleTls", "http", "passthrough", "direct"];

/** Routes whose files or aliases are not in the objects are not among them, nor hosts that a service stands for. */
const route = fc
    .constantFrom(...MODES)
    .chain(resolvedRoute)
    .map((one): ResolvedRoute => ({ ...one, credentialSource: undefined, serviceName: undefined }))
    .filter(({ hosts }) => hosts.every((host) => !/\.svc(\.|$)/.test(host)))
    .filter(({ allowFrom, gateway }) => allowFrom.every(({ namespace }) => namespace !== gateway.namespace));

const sorted = (all: string[]) => [...all].sort();

describe("adopt, of the objects that a route makes", () => {
    it("gives the route again: hosts, mode, callers, port, address, transport and credential", () => {
        fc.assert(
            fc.property(route, (one) => {
                const objects = planObjects({ gateway: one.gateway, routes: [one] }) as unknown as RawObject[];
                const { routes, credentials } = adopt(objects, {
                    gateway: { name: "another-gateway", namespace: "another-namespace" },
                });
                // Direct hosts have an entry each, so they may come back one by one, but with the same settings.
                assert.deepEqual(sorted(routes.flatMap(({ hosts }) => hosts)), sorted(one.hosts));
                for (const adopted of routes) {
                    assert.equal(adopted.mode, one.mode);
                    assert.equal(adopted.address, one.address);
                    assert.deepEqual(portOf(adopted), one.mode === "direct" ? undefined : serverPort(one));
                    assert.equal(adopted.gatewayTransport === "plaintext", one.gatewayTransport === "plaintext");
                    assert.deepEqual(callerNamespaces(adopted.allowFrom), callerNamespaces(one.allowFrom));
                    if (one.mode === "direct") {
                        assert.deepEqual(adopted.ports ?? DEFAULT_PORTS, one.ports ?? DEFAULT_PORTS);
                    } else if (one.gatewayTransport !== "plaintext") {
                        assert.deepEqual(accounts(adopted), accounts(one));
                    }
                }
                const named = one.hasCredential ? [one.credential] : [];
                assert.deepEqual(
                    credentials.map(({ name }) => name),
                    named,
                );
            }),
            { numRuns: 300 },
        );
    });
});

function portOf(adopted: AdoptedRoute): number | undefined {
    return adopted.mode === "direct" ? undefined : (adopted.port ?? (adopted.mode === "http" ? 80 : 443));
}

/** Every caller as `namespace/account`; a whole namespace takes its accounts in. */
function accounts({ allowFrom }: Pick<AdoptedRoute, "allowFrom">): string[] {
    const whole = allowFrom.filter(({ serviceAccounts }) => !serviceAccounts).map(({ namespace }) => namespace);
    const all = allowFrom.flatMap(({ namespace, serviceAccounts }) =>
        whole.includes(namespace) ? [`${namespace}/*`] : (serviceAccounts ?? []).map((one) => `${namespace}/${one}`),
    );
    return sorted([...new Set(all)]);
}
