import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../lab/lock";

function temporaryFolder(): string {
    return mkdtempSync(join(tmpdir(), "mesh-egress-test-"));
}

describe("a lock", () => {
    it("makes the second wait for the first, and says for whom", async () => {
        const folder = temporaryFolder();
        const order: string[] = [];
        const file = join(folder, "lock");
        let finish = () => {};
        const finished = new Promise<void>((resolve) => (finish = resolve));
        const first = new Promise<void>((started, failed) => {
            withLock(file, silentWait, async () => {
                started();
                await finished;
                order.push("first");
            }).catch(failed);
        });
        await first;
        const second = withLock(
            file,
            (holder) => {
                order.push(holder);
                finish();
            },
            () => Promise.resolve(order.push("second")),
        );
        await second;
        assert.deepEqual(order, [`process ${process.pid}`, "first", "second"]);
        rmSync(folder, { recursive: true });
    });
    const silentWait = () => {};
});
