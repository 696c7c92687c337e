import assert from "node:assert/strict";
import fc from "fast-check";
import { validateNetwork } from "../../../../plan/azure/network";
import { resolvedNetwork } from "../../../../plan/azure/resolvedNetwork";
import { egressSecurityRules } from "../../../../plan/azure/partnerRules";

const range = fc.nat(65535).map((block) => `203.${block >> 8}.${block & 255}.0/24`);
const port = fc.integer({ min: 1, max: 65535 });

describe("the rules of the egress subnet", () => {
    it("hold nothing back without the partners' ranges", () => {
        assert.deepEqual(egressSecurityRules(resolvedNetwork({})), []);
    });

    it("allow each partner's range and port once, deny the rest of the Internet last, and share no priority or name", () => {
        fc.assert(
            fc.property(
                fc.uniqueArray(range, { minLength: 1, maxLength: 30 }),
                fc.uniqueArray(port, { minLength: 1, maxLength: 5 }),
                (partnerRanges, partnerPorts) => {
                    const request = resolvedNetwork({ partnerRanges, partnerPorts });
                    assert.deepEqual(validateNetwork(request), []);
                    const rules = egressSecurityRules(request);
                    const last = [...rules].sort((a, b) => a.priority - b.priority).at(-1);
                    assert.deepEqual([last?.access, last?.destinationAddressPrefix], ["Deny", "Internet"]);
                    assert.equal(new Set(rules.map(({ priority }) => priority)).size, rules.length);
                    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
                    const pairs = rules
                        .filter(({ priority }) => priority >= 1000 && priority < 4000)
                        .map((rule) => `${rule.access} ${rule.destinationAddressPrefix} ${rule.destinationPortRange}`);
                    const wanted = partnerRanges.flatMap((one) => partnerPorts.map((at) => `Allow ${one} ${at}`));
                    assert.deepEqual(pairs, wanted);
                },
            ),
        );
    });
});
