import { Violation } from "../../shared/violation";
import { Validation, cel, optional } from "./admission";

/**
 * Resources that a container may request: those of every node, and devices that only compute. Others can be network
 * cards (SR-IOV, RDMA), through which packets leave past the node's network stack and so past NetworkPolicies.
 */
const ORDINARY =
    "^(cpu|memory|ephemeral-storage|hugepages-[0-9A-Za-z]+|nvidia[.]com/(gpu([.]shared)?|mig-[0-9a-z.-]+)|amd[.]com/gpu|" +
    "gpu[.]intel[.]com/[a-z0-9_]+|sgx[.]intel[.]com/[a-z]+|aws[.]amazon[.]com/neuron[a-z]*|google[.]com/tpu|habana[.]ai/gaudi)$";

const RESOURCE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;

/** Refuses entries that are not the full name of an extended resource. */
export function validateAllowedResources(path: string, allowed: string[]): Violation[] {
    return allowed.flatMap((resource, index) =>
        RESOURCE.test(resource)
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      value: resource,
                      problem: "is not the full name of an extended resource",
                      expected: "a domain, a slash and a name, such as vendor.example/fpga",
                      fix: "Write the name under which the node's device plugin offers the device",
                  },
              ],
    );
}

/** Refuses containers, the sidecar among them, that request a device which could be a network card. */
export function resourceValidation(allowed: string[]): Omit<Validation, "reason"> {
    const requested = ["limits", "requests"]
        .map((field) => optional("c.resources", field, "{}"))
        .map((map) => `${map}.all(k, k.matches(${cel(ORDINARY)}) || k in ${cel(allowed)})`);
    return {
        expression: `variables.all.all(c, !has(c.resources) || ${requested.join(" && ")})`,
        message:
            "A container requests a device that can be a network card, whose packets no NetworkPolicy stops: remove it from resources, or ask an administrator of the egress gateway to add it to allowedResources.",
    };
}
