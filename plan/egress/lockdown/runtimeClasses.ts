import { Violation } from "../../shared/violation";
import { Validation, cel } from "./admission";

/** Refuses entries that are not the name of a RuntimeClass. */
export function validateAllowedRuntimeClasses(path: string, allowed: string[]): Violation[] {
    return allowed.flatMap((name, index) =>
        NAME.test(name)
            ? []
            : [
                  {
                      path: `${path}[${index}]`,
                      value: name,
                      problem: "is not the name of a RuntimeClass",
                      expected: "lower-case letters, digits, hyphens and dots, such as kata-vm-isolation",
                      fix: "Write the name that kubectl get runtimeclasses shows",
                  },
              ],
    );
}

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Refuses runtimes that no administrator has named: a runtime can run the pod on another machine or with a network of
 * its own, where neither NetworkPolicies nor the sidecar's redirection apply.
 */
export function runtimeClassValidation(allowed: string[]): Omit<Validation, "reason"> {
    return {
        expression: `!has(variables.spec.runtimeClassName) || variables.spec.runtimeClassName in ${cel(allowed)}`,
        message:
            "Another runtime can run the pod where NetworkPolicies do not apply: remove runtimeClassName, or ask an administrator of the egress gateway to add it to allowedRuntimeClasses.",
    };
}
