import assert from "node:assert/strict";
import fc from "fast-check";
import { ChainOptions, DEFAULT_LIFETIMES, Lifetimes, validateChain } from "../../../../plan/pki/chain";
import { hosts, label } from "../../../support/arbitraries";

const chain: ChainOptions = { generations: [1], revoked: [], clients: [], lifetimes: DEFAULT_LIFETIMES };

const lifetime = fc.record({
    validityHours: fc.integer({ min: 1, max: 60 }),
    renewalHours: fc.integer({ min: 1, max: 60 }),
});
const lifetimes: fc.Arbitrary<Lifetimes> = fc.record({ root: lifetime, intermediate: lifetime, leaf: lifetime });

describe("validateChain", () => {
    it("accepts the defaults, any hosts and any names of clients", () => {
        fc.assert(
            fc.property(hosts, fc.uniqueArray(label(63)), (serverHosts, clients) =>
                assert.deepEqual(validateChain({ ...chain, serverHosts, clients }), []),
            ),
        );
    });

    it("accepts lifetimes exactly when every window is shorter than its validity and nothing outlives its issuer", () => {
        fc.assert(
            fc.property(lifetimes, (given) => {
                const { root, intermediate, leaf } = given;
                // The latest moment of issue is when the issuer's own window opens.
                const nests =
                    root.validityHours - root.renewalHours + intermediate.validityHours <= root.validityHours &&
                    intermediate.validityHours - intermediate.renewalHours + leaf.validityHours <=
                        intermediate.validityHours;
                const renews = [root, intermediate, leaf].every((one) => one.renewalHours < one.validityHours);
                assert.equal(validateChain({ ...chain, lifetimes: given }).length === 0, nests && renews);
            }),
            { numRuns: 3000 },
        );
    });

    for (const level of ["root", "intermediate", "leaf"] as const) {
        it(`refuses a renewal window of the ${level} that is not shorter than its validity`, () => {
            for (const renewalHours of [48, 49]) {
                const given = { ...DEFAULT_LIFETIMES, [level]: { validityHours: 48, renewalHours } };
                const [violation, ...others] = validateChain({ ...chain, lifetimes: given });
                assert.deepEqual(others, []);
                assert.equal(violation.path, `${level}.renewalHours`);
                assert.equal(violation.value, renewalHours);
                assert.match(violation.problem, /48 hours/);
            }
        });

        it(`refuses hours of the ${level} that are none`, () => {
            for (const hours of [0, -1, 1.5, NaN, Infinity]) {
                const given = { ...DEFAULT_LIFETIMES, [level]: { validityHours: hours, renewalHours: hours } };
                assert.deepEqual(
                    validateChain({ ...chain, lifetimes: given }).map(({ path }) => path),
                    [`${level}.validityHours`, `${level}.renewalHours`],
                );
            }
        });
    }

    it("refuses what could outlive its issuer, and names the issuer's window", () => {
        const given = { ...DEFAULT_LIFETIMES, leaf: { validityHours: 8761, renewalHours: 24 } };
        const [violation] = validateChain({ ...chain, lifetimes: given });
        assert.equal(violation.path, "leaf.validityHours");
        assert.equal(violation.expected, "at most intermediate.renewalHours (8760)");
    });

    it("refuses two clients of one name, and names that are none", () => {
        assert.deepEqual(
            validateChain({ ...chain, clients: ["a", "B", "a"] }).map(({ path, value }) => [path, value]),
            [
                ["clients[1].name", "B"],
                ["clients[2].name", "a"],
            ],
        );
    });

    it("refuses generations that are none, that repeat, and a second rotation during the first", () => {
        const paths = (generations: number[]) => validateChain({ ...chain, generations }).map(({ path }) => path);
        assert.deepEqual(paths([2, 1]), []);
        assert.deepEqual(paths([1, 2]), []);
        assert.deepEqual(paths([]), ["generations"]);
        assert.deepEqual(paths([3, 2, 1]), ["generations"]);
        assert.deepEqual(paths([2, 2]), ["generations[1]"]);
        assert.deepEqual(paths([0, 1.5]), ["generations[0]", "generations[1]"]);
    });

    it("refuses hosts of the server as those of a route, but no server at all is fine", () => {
        assert.equal(validateChain({ ...chain, serverHosts: ["*.x.example"] })[0].path, "serverHosts[0]");
        assert.equal(validateChain({ ...chain, serverHosts: [] })[0].path, "serverHosts");
        assert.deepEqual(validateChain(chain), []);
    });
});
