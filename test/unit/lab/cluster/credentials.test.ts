import assert from "node:assert/strict";
import { tokenLines } from "../../../../lab/cluster/credentials";

describe("the lab's tokens", () => {
    it("are one line a user, with the groups quoted", () => {
        const users = [
            { file: "a", name: "admin", groups: ["system:masters", "b"], token: "t1" },
            { file: "p", name: "proxy", token: "t2" },
        ];
        assert.equal(tokenLines(users), 't1,admin,admin,"system:masters,b"\nt2,proxy,proxy\n');
    });
});
