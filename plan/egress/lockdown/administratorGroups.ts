import { validateLabel } from "../../shared/names";
import { Violation } from "../../shared/violation";

/** Group of all service accounts of a namespace. */
const SERVICE_ACCOUNTS = "system:serviceaccounts:";

/** Prefix of the groups that Kubernetes itself makes; OpenShift's group of every user begins with it too. */
const RESERVED = "system:";

/**
 * Refuses groups that have everybody in them, or the tenants of a lockdown: an administrator of the gateway can open
 * the lockdown. Of Kubernetes' own groups, only the service accounts of a namespace that is not among `untrusted` pass.
 */
export function validateAdministrators(path: string, groups: string[], untrusted: string[]): Violation[] {
    return groups.flatMap((group, index) => {
        const violation = (problem: string): Violation => ({
            path: `${path}[${index}]`,
            value: group,
            problem,
            expected: `a group of your own, or "${SERVICE_ACCOUNTS}<namespace>" of a namespace that is neither locked nor the gateway's`,
            fix: "Name the group of those who administer the gateway",
        });
        if (group.startsWith(SERVICE_ACCOUNTS)) {
            const namespace = group.slice(SERVICE_ACCOUNTS.length);
            return validateLabel("", namespace, "a namespace").length > 0
                ? [violation("does not name a namespace")]
                : untrusted.includes(namespace)
                  ? [violation("has the workloads that the lockdown is there to hold")]
                  : [];
        }
        if (group.startsWith(RESERVED)) {
            return [violation("is a group of Kubernetes itself, whose members could open the lockdown")];
        }
        return /^[^\s*]+(?: [^\s*]+)*$/.test(group) ? [] : [violation("is not the name of a group")];
    });
}
