import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";

/** Group of all service accounts of a namespace. */
const SERVICE_ACCOUNTS = "system:serviceaccounts:";

/** Prefix of the groups that Kubernetes itself defines. OpenShift's group of all users has it too. */
const RESERVED = "system:";

/**
 * Refuses groups that include everybody, or the tenants of a lockdown: an administrator of the gateway can open the
 * lockdown. Of Kubernetes' own groups, it accepts only the service accounts of a namespace outside `untrusted`.
 */
export function validateAdministrators(path: string, groups: string[], untrusted: string[]): Violation[] {
    return groups.flatMap((group, index) => {
        const violation = (problem: string): Violation => ({
            path: `${path}[${index}]`,
            value: group,
            problem,
            expected: `a group of your own, or "${SERVICE_ACCOUNTS}<namespace>" of a namespace that is not locked and is not the gateway's`,
            fix: "Name the group that administers the gateway",
        });
        if (group.startsWith(SERVICE_ACCOUNTS)) {
            const namespace = group.slice(SERVICE_ACCOUNTS.length);
            return validateLabel("", namespace, "a namespace").length > 0
                ? [violation("does not name a namespace")]
                : untrusted.includes(namespace)
                  ? [violation("contains the workloads that the lockdown restricts")]
                  : [];
        }
        if (group.startsWith(RESERVED)) {
            return [violation("is one of Kubernetes' own groups, whose members could then open the lockdown")];
        }
        return /^[^\s*]+(?: [^\s*]+)*$/.test(group) ? [] : [violation("is not a group name")];
    });
}
