import assert from "node:assert/strict";
import { installCommand, missingPackages } from "../../../../lab/build/debian";

describe("Debian's packages", () => {
    const tools = [
        { program: "runc", package: "runc" },
        { program: "ctr", package: "containerd" },
        { program: "containerd", package: "containerd" },
    ];

    it("are missing when their program is, each named once", () => {
        assert.deepEqual(
            missingPackages(tools, () => false),
            ["runc", "containerd"],
        );
        assert.deepEqual(
            missingPackages(tools, (program) => program !== "ctr"),
            ["containerd"],
        );
    });

    it("come with the command that installs them", () => {
        assert.match(installCommand(["runc"]), /apt-get install .*runc/);
    });
});
