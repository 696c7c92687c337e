import assert from "node:assert/strict";
import fc from "fast-check";
import { shown } from "../../../../plan/shared/shownValue";
import { validateHost, validateHosts, validateSharedHosts } from "../../../../plan/shared/host";
import { anyHost, host, hosts, label } from "../../../support/arbitraries";

/** The only violation of a host, and that it is told about the host itself. */
function refused(value: string) {
    const violations = validateHosts("hosts", [value]);
    assert.equal(violations.length, 1, `${JSON.stringify(value)}: ${JSON.stringify(violations)}`);
    assert.equal(violations[0].path, "hosts[0]");
    assert.equal(violations[0].value, value);
    return violations[0];
}

describe("validateHosts", () => {
    it("accepts every DNS name", () => {
        fc.assert(fc.property(hosts, (all) => assert.deepEqual(validateHosts("hosts", all), [])));
    });

    it("refuses an empty list", () => {
        const [violation] = validateHosts("hosts", []);
        assert.equal(violation.path, "hosts");
        assert.match(violation.problem, /empty/);
    });

    it("refuses an empty host", () => {
        assert.match(refused("").problem, /is empty/);
    });

    it("refuses every wildcard", () => {
        fc.assert(
            fc.property(host, fc.nat(), (name, at) => {
                const place = at % (name.length + 1);
                assert.match(refused(`${name.slice(0, place)}*${name.slice(place)}`).problem, /wildcard/);
            }),
        );
        assert.match(refused("*").problem, /wildcard/);
        assert.match(refused("*.partner.example").fix, /individually/);
    });

    it("refuses every IP address and names the argument that takes one", () => {
        fc.assert(
            fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
                assert.match(refused(address).problem, /IP address/);
                assert.match(refused(address).fix, /`address`/);
            }),
        );
        assert.match(refused("[2001:db8::1]").problem, /IP address/);
    });

    it("refuses every URL and writes the host that is in it", () => {
        fc.assert(
            fc.property(
                host,
                fc.constantFrom("https://", "http://", "HTTPS://", ""),
                fc.constantFrom("/", "/path", ":8443/", "/?q=1#x"),
                (name, scheme, rest) => {
                    assert.match(refused(`${scheme}${name}${rest}`).problem, /URL/);
                    assert.equal(refused(`${scheme}${name}${rest}`).fix, `Write "${name}"`);
                },
            ),
        );
    });

    it("refuses every port and says where it goes", () => {
        fc.assert(
            fc.property(host, fc.integer({ min: 0, max: 99999 }), (name, port) => {
                assert.equal(refused(`${name}:${port}`).problem, "has a port");
                assert.equal(refused(`${name}:${port}`).fix, `Write "${name}" and set \`port: ${port}\``);
            }),
        );
    });

    it("refuses every upper-case letter and writes the name without", () => {
        fc.assert(
            fc.property(host, fc.nat(), (name, at) => {
                const place = at % name.length;
                const other = name.slice(0, place) + name.slice(place).toUpperCase();
                fc.pre(other !== name);
                assert.match(refused(other).problem, /upper-case/);
                assert.equal(refused(other).fix, `Write "${name}"`);
            }),
        );
    });

    it("refuses every trailing dot", () => {
        fc.assert(
            fc.property(host, (name) => {
                assert.match(refused(`${name}.`).problem, /ends with a dot/);
                assert.equal(refused(`${name}.`).fix, `Write "${name}"`);
            }),
        );
    });

    it("refuses every name that is too long", () => {
        const longer = fc.integer({ min: 32, max: 60 }).map((count) => `${"abcdefg.".repeat(count)}example`);
        fc.assert(fc.property(longer, (name) => assert.equal(refused(name).problem, `has ${name.length} characters`)));
        assert.deepEqual(validateHosts("hosts", [`${"abcdefg.".repeat(31)}abcde`]), []);
    });

    it("refuses every single label", () => {
        fc.assert(
            fc.property(
                label(63).filter((name) => !/^\d+$/.test(name)),
                (name) => assert.match(refused(name).problem, /single label/),
            ),
        );
    });

    it("refuses every part that is no label, and names it", () => {
        const bad = fc.constantFrom(
            "",
            "-a",
            "a-",
            "a_b",
            "ä",
            "a b",
            " ",
            "a\t",
            "a".repeat(64),
            "%",
            "a'b",
            '"',
            "\n",
        );
        fc.assert(
            fc.property(host, bad, (name, part) => {
                assert.match(refused(`${part}.${name}`).problem, /is not a DNS name/);
                assert.ok(refused(`${part}.${name}`).problem.includes(shown(part)));
            }),
        );
    });

    it("refuses a host that is there twice, at its second place", () => {
        fc.assert(
            fc.property(hosts, fc.nat(), (all, at) => {
                const first = at % all.length;
                const [violation, ...others] = validateHosts("serverHosts", [...all, all[first]]);
                assert.deepEqual(others, []);
                assert.equal(violation.path, `serverHosts[${all.length}]`);
                assert.equal(violation.value, all[first]);
                assert.equal(violation.problem, `is the same as serverHosts[${first}]`);
            }),
        );
    });

    it("accepts nothing that has a character other than letters, digits, hyphens and dots", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), (text) => {
                if (validateHost("host", text).length === 0) {
                    assert.match(text, /^[a-z0-9.-]+$/);
                }
            }),
        );
    });
});

describe("validateSharedHosts", () => {
    it("finds exactly the hosts that an earlier route has, and says which", () => {
        const routes = fc.array(fc.uniqueArray(fc.constantFrom("a.x", "b.x", "c.x", "d.x"), { maxLength: 4 }), {
            maxLength: 12,
        });
        fc.assert(
            fc.property(routes, (all) => {
                const found = validateSharedHosts(
                    all.map((hosts, index) => ({ path: `routes[${index}]`, hosts, scopes: ["one"] })),
                );
                const expected = all.flatMap((own, route) =>
                    own.flatMap((name, index) => {
                        const owner = all.findIndex((other) => other.includes(name));
                        const at = `routes[${owner}].hosts[${all[owner].indexOf(name)}]`;
                        return owner < route ? [{ path: `routes[${route}].hosts[${index}]`, value: name, at }] : [];
                    }),
                );
                assert.deepEqual(
                    found.map(({ path, value }) => ({ path, value })),
                    expected.map(({ path, value }) => ({ path, value })),
                );
                expected.forEach(({ at }, index) => assert.ok(found[index].problem.includes(`belongs to ${at},`)));
            }),
        );
    });

    it("leaves a host that one route has twice to that route", () => {
        assert.deepEqual(validateSharedHosts([{ path: "routes[0]", hosts: ["a.x", "a.x"], scopes: ["one"] }]), []);
    });

    it("refuses a host exactly where one proxy would see two routes for it", () => {
        const scopes = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 });
        fc.assert(
            fc.property(scopes, scopes, (first, second) => {
                const found = validateSharedHosts([
                    { path: "routes[0]", hosts: ["a.x"], scopes: first },
                    { path: "routes[1]", hosts: ["a.x"], scopes: second },
                ]);
                assert.equal(found.length, first.some((scope) => second.includes(scope)) ? 1 : 0);
            }),
        );
    });

    it("accepts routes without a common host", () => {
        fc.assert(
            fc.property(fc.uniqueArray(anyHost, { maxLength: 6 }), (all) => {
                const routes = all.map((name, index) => ({ path: `routes[${index}]`, hosts: [name], scopes: ["one"] }));
                assert.deepEqual(validateSharedHosts(routes), []);
            }),
        );
    });
});
