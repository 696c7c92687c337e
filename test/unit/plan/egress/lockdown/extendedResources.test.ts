import assert from "node:assert/strict";
import { resourceValidation, validateAllowedResources } from "../../../../../plan/egress/lockdown/extendedResources";

describe("resources that a locked pod requests", () => {
    const pattern = /matches\(("(?:[^"\\]|\\.)*")\)/.exec(resourceValidation([]).expression)?.[1] ?? '""';
    const ordinary = new RegExp(JSON.parse(pattern) as string);

    it("are those of every node, and devices that only compute", () => {
        for (const name of [
            "cpu",
            "memory",
            "ephemeral-storage",
            "hugepages-2Mi",
            "nvidia.com/gpu",
            "nvidia.com/gpu.shared",
            "nvidia.com/mig-1g.5gb",
            "amd.com/gpu",
            "gpu.intel.com/i915",
            "sgx.intel.com/epc",
            "aws.amazon.com/neuroncore",
        ]) {
            assert.match(name, ordinary);
        }
    });

    it("are no device that can be a network card, and no claim of one", () => {
        for (const name of [
            "rdma/hca_shared_devices_a",
            "intel.com/sriov_netdevice",
            "nvidia.com/hostdev",
            "nvidia.com/mlnxnics",
            "openshift.io/sriov",
            "deviceclass.resource.kubernetes.io/nic",
            "smarter-devices/vhost-net",
            "cpus",
            "xnvidia.com/gpu",
        ]) {
            assert.doesNotMatch(name, ordinary);
        }
    });

    it("may be others by their full name", () => {
        assert.ok(resourceValidation(["vendor.example/fpga"]).expression.includes('k in ["vendor.example/fpga"]'));
        assert.deepEqual(validateAllowedResources("allowedResources", ["vendor.example/fpga", "rdma/hca_a"]), []);
        for (const wrong of ["", "*", "vendor.example/*", "fpga", "vendor.example/", "/fpga", "a/b/c"]) {
            assert.equal(validateAllowedResources("allowedResources", [wrong])[0]?.path, "allowedResources[0]", wrong);
        }
    });
});
