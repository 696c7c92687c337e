import assert from "node:assert/strict";
import fc from "fast-check";
import { callerNamespaces } from "../../../../../plan/shared/caller";
import { DEFAULT_PORTS } from "../../../../../plan/egress/route/route";
import { routeObjects } from "../../../../../plan/egress/route/routeEntries";
import { resolvedRoute } from "../../../../support/arbitraries";

describe("a direct route", () => {
    it("is a ServiceEntry a host with all of its ports, seen by the callers' namespaces", () => {
        fc.assert(
            fc.property(resolvedRoute("direct"), (route) => {
                const objects = routeObjects(route);
                assert.ok(objects.every(({ kind }) => kind === "ServiceEntry"));
                assert.deepEqual(
                    objects.map(({ spec }) => spec.hosts),
                    route.hosts.map((host) => [host]),
                );
                const [object] = objects;
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
