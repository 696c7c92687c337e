import assert from "node:assert/strict";
import { BlockList } from "node:net";
import fc from "fast-check";
import { destinationPeers, validateDestinations } from "../../../../../plan/egress/lockdown/destination";
import { ResolvedDestination } from "../../../../../plan/egress/lockdown/options";
import { label } from "../../../../support/arbitraries";

const port = fc.integer({ min: 1, max: 65535 });
const ports = fc.array(port, { minLength: 1, maxLength: 3 });
const range = fc.integer({ min: 0, max: 255 }).map((byte) => `203.0.113.${byte}/32`);
const kinds: fc.Arbitrary<Omit<ResolvedDestination, "ports">> = fc.oneof(
    range.map((one) => ({ range: one })),
    label().map((namespace) => ({ namespace })),
    fc.constant({ internet: true }),
);

function paths(...destinations: ResolvedDestination[]): string[] {
    return validateDestinations("to", destinations).map(({ path }) => path);
}

describe("validateDestinations", () => {
    it("accepts one of range, namespace and internet", () => {
        fc.assert(
            fc.property(kinds, ports, (kind, numbers) => assert.deepEqual(paths({ ...kind, ports: numbers }), [])),
        );
    });

    it("refuses none of them, or two", () => {
        assert.deepEqual(paths(), ["to"]);
        assert.deepEqual(paths({ ports: [443] }), ["to[0]"]);
        assert.deepEqual(paths({ internet: false, ports: [443] }), ["to[0]"]);
        assert.deepEqual(paths({ internet: true, namespace: "x", ports: [443] }), ["to[0]"]);
    });

    it("refuses the whole address space, in one piece or in several", () => {
        for (const all of [["0.0.0.0/0"], ["::/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["1.0.0.0/8", "3.0.0.0/8"]]) {
            const violations = validateDestinations(
                "to",
                all.map((one) => ({ range: one, ports: [443] })),
            );
            assert.notEqual(violations.length, 0, all.join());
            assert.ok(violations.every(({ fix }) => /internet: true/.test(fix)));
        }
    });

    it("names the range that is wrong by its place among all destinations", () => {
        assert.deepEqual(
            paths(
                { namespace: "x", ports: [443] },
                { range: "203.0.113.0/24", ports: [443] },
                { range: "127.0.0.1/32", ports: [443] },
            ),
            ["to[2].range"],
        );
    });

    it("refuses no ports, which would be all of them, and what is no port", () => {
        assert.deepEqual(paths({ internet: true, ports: [] }), ["to[0].ports"]);
        assert.deepEqual(paths({ internet: true, ports: [443, 0, 65536] }), ["to[0].ports[1]", "to[0].ports[2]"]);
    });
});

describe("the internet", () => {
    it("has no address that is private, local or the cloud's own", () => {
        const [{ ipBlock }] = destinationPeers({ internet: true, ports: [443] }) as {
            ipBlock: { cidr: string; except: string[] };
        }[];
        const except = new BlockList();
        for (const one of ipBlock.except) {
            const [address, length] = one.split("/");
            except.addSubnet(address, Number(length));
        }
        for (const address of [
            "10.1.2.3",
            "172.20.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "127.0.0.1",
            "168.63.129.16",
        ]) {
            assert.ok(except.check(address), address);
        }
        for (const address of ["203.0.113.7", "172.32.0.1", "168.63.129.17", "100.128.0.1"]) {
            assert.ok(!except.check(address), address);
        }
    });
});
