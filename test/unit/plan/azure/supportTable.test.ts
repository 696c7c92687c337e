import assert from "node:assert/strict";
import {
    WARNING_DAYS,
    supportWarnings,
    validateKubernetesSupport,
    validateRevisionSupport,
} from "../../../../plan/azure/supportTable";

const on = (day: string) => new Date(`${day}T12:00:00Z`);
const kubernetes = (version: string, day: string) =>
    validateKubernetesSupport("kubernetesVersion", version, on(day)).length > 0;

describe("what AKS supports", () => {
    it("supports a version of Kubernetes to the end of its last day", () => {
        assert.equal(kubernetes("1.34", "2026-11-30"), false);
        assert.equal(kubernetes("1.34", "2026-12-01"), true);
        assert.equal(kubernetes("1.34.3", "2026-12-01"), true, "with its patch");
        assert.equal(kubernetes("1.20", "2026-11-25"), true, "older than the table");
        assert.equal(kubernetes("1.99", "2026-11-25"), false, "newer than the table");
    });

    it("warns before the end, with the day", () => {
        const warned = (day: string) => supportWarnings({ kubernetesVersion: "1.34" }, on(day));
        assert.match(warned("2026-11-25")[0], /Kubernetes 1\.34 until 2026-11-30, 5 days/);
        assert.equal(warned("2026-10-01").length, 1, `${WARNING_DAYS} days before`);
        assert.deepEqual(warned("2026-09-30"), []);
        assert.match(
            supportWarnings({ kubernetesVersion: "1.99" }, on("2026-11-25"))[0],
            /not in this package's table/,
        );
    });

    it("judges the add-on's revision, and knows none's end that is not published", () => {
        const wrong = (revision: string, day = "2026-11-25") =>
            validateRevisionSupport("revision", revision, on(day)).length > 0;
        assert.deepEqual(
            ["asm-1-20", "asm-1-28", "asm-1-29", "asm-1-30", "asm-1-31"].map((one) => wrong(one)),
            [true, true, true, false, false],
        );
        assert.equal(wrong("asm-1-29", "2026-10-12"), false, "AKS's release notes of 2026-09-04 have it");
        assert.equal(wrong("asm-1-29", "2026-10-13"), true);
        assert.deepEqual(supportWarnings({ kubernetesVersion: "1.36", revision: "asm-1-30" }, on("2026-11-25")), []);
    });

    it("names what is supported on that day, newest last in the fix", () => {
        const [violation] = validateKubernetesSupport("kubernetesVersion", "1.33", on("2026-11-25"));
        assert.equal(violation.expected, "one of 1.34, 1.35, 1.36, 1.37, or newer");
    });
});
