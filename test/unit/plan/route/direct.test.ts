import assert from "node:assert/strict";
import fc from "fast-check";
import { callerNamespaces } from "../../../../plan/caller";
import { DEFAULT_PORTS } from "../../../../plan/route/route";
import { routeObjects } from "../../../../plan/route/routeObjects";
import { routeRequest } from "../../../support/arbitraries";

describe("a direct route", () => {
    it("is one ServiceEntry with all ports of the hosts, seen by the callers' namespaces", () => {
        fc.assert(
            fc.property(routeRequest("direct"), (route) => {
                const [{ object }, ...others] = routeObjects(route);
                assert.deepEqual(others, []);
                assert.equal(object.kind, "ServiceEntry");
                assert.deepEqual(object.spec.hosts, route.hosts);
                assert.deepEqual(
                    (object.spec.ports as { number: number; protocol: string }[]).map(({ number, protocol }) => ({
                        number,
                        protocol: protocol.toLowerCase(),
                    })),
                    route.ports ?? DEFAULT_PORTS,
                );
                const [own, ...rest] = object.spec.exportTo as string[];
                assert.equal(own, ".");
                assert.deepEqual([object.metadata.namespace, ...rest].sort(), callerNamespaces(route.allowFrom));
            }),
        );
    });
});
