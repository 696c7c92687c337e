import assert from "node:assert/strict";
import fc from "fast-check";
import { KubernetesObject } from "../../../plan/shared/kubernetesObject";
import { changesOf } from "../../../report/changes";
import { exposures } from "../../../report/exposure";
import { describeHost, hostChanges } from "../../../report/hosts";
import { review } from "../../../review";
import { route, steps } from "../../support/previewSteps";

const WILDCARD = "*.partner.example";
const wildcard = () => route([WILDCARD]);

function told(before: KubernetesObject[], after: KubernetesObject[]): string[] {
    const changes = changesOf(steps(before, after));
    return exposures(changes).map(({ effect, name, text }) => `${effect} ${name}: ${text}`);
}

describe("the report of a wildcard's route", () => {
    it("tells the wildcard as a host, and the host's own route below it apart", () => {
        const own = route(["exact.partner.example"], { credential: "partner-b" });
        const hosts = hostChanges(changesOf(steps([], [...wildcard(), ...own])));
        assert.deepEqual(
            hosts.map(({ host, after }) => [host, after && describeHost(after)]),
            [
                [WILDCARD, "mTLS, certificate `partner-a`, callers `payments/billing`, port `443`"],
                ["exact.partner.example", "mTLS, certificate `partner-b`, callers `payments/billing`, port `443`"],
            ],
        );
    });

    it("tells what opens and closes, and nothing else of the route's own filter", () => {
        assert.deepEqual(told([], wildcard()), [`opened ${WILDCARD}: to \`payments/billing\``]);
        assert.deepEqual(told(wildcard(), []), [`closed ${WILDCARD}: to \`payments/billing\``]);
    });

    it("judges no filter that differs from the route's own in anything", () => {
        const filter = wildcard().find(({ kind }) => kind === "EnvoyFilter")!;
        const paths = pathsOf(filter.spec);
        fc.assert(
            fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 1 }), (path, value) => {
                const spec = changed(filter.spec, path, value);
                fc.pre(JSON.stringify(spec) !== JSON.stringify(filter.spec));
                // Another name of the route's or the gateway's makes the filter of another route.
                fc.pre(!path.join(".").endsWith("route.name") && !path.join(".").endsWith("labels.istio"));
                assert.match(told([], [{ ...filter, spec }]).join(), /^not judged/);
            }),
        );
    });

    it("reviews the route's objects without a finding, but for the Gateway that is not among them", () => {
        assert.deepEqual([...new Set(review(wildcard()).findings.map(({ rule }) => rule))], ["gateway-not-found"]);
    });
});

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
    const inner =
        value !== null && typeof value === "object"
            ? Object.entries(value).flatMap(([key, one]) =>
                  pathsOf(one, [...path, Array.isArray(value) ? Number(key) : key]),
              )
            : [];
    return path.length === 0 ? inner : [path, ...inner];
}

function changed<T>(value: T, path: Path, replacement: unknown): T {
    const copy = structuredClone(value);
    let place = copy as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) {
        place = place[key] as Record<string | number, unknown>;
    }
    place[path.at(-1)!] = replacement;
    return copy;
}
