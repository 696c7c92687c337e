import { validateLabel } from "./names";
import { Violation } from "./violation";

/** Callers of a route: the workloads of a namespace, or only those of some of its service accounts. */
export interface AllowedCaller {
    /** Namespace of the callers. */
    namespace: string;
    /**
     * Service accounts of that namespace. Default: all of them.
     *
     * @example ["billing"]
     */
    serviceAccounts?: string[];
}

export function validateCallers(path: string, callers: AllowedCaller[]): Violation[] {
    if (callers.length === 0) {
        return [
            {
                path,
                problem: "the list is empty, so no workload could call the hosts",
                expected: "at least one { namespace, serviceAccounts }",
                fix: "Name the namespaces and service accounts that may call the partner",
            },
        ];
    }
    return callers.flatMap((caller, index) => {
        const at = `${path}[${index}]`;
        const accounts = caller.serviceAccounts;
        if (accounts?.length === 0) {
            return [
                {
                    path: `${at}.serviceAccounts`,
                    problem: "the list is empty, so no workload of the namespace could call the hosts",
                    expected: "at least one service account, or no list for the whole namespace",
                    fix: "Name the service accounts, or remove the list",
                },
            ];
        }
        return [
            ...validateLabel(`${at}.namespace`, caller.namespace, "a namespace"),
            ...(accounts ?? []).flatMap((account, i) =>
                validateLabel(`${at}.serviceAccounts[${i}]`, account, "a service account"),
            ),
        ];
    });
}

/** Service accounts of a caller, as Istio matches them: `*` is every account of the namespace. */
export function accountsOf({ serviceAccounts }: Pick<AllowedCaller, "serviceAccounts">): string[] {
    return serviceAccounts ?? ["*"];
}

/** The callers' identities in the form of an AuthorizationPolicy: the SPIFFE id without its scheme. */
export function principals(callers: AllowedCaller[], trustDomain: string): string[] {
    const all = callers.flatMap(({ namespace, serviceAccounts }) =>
        accountsOf({ serviceAccounts }).map((account) => `${trustDomain}/ns/${namespace}/sa/${account}`),
    );
    return [...new Set(all)].sort();
}

/** The caller of a principal, in whichever trust domain. Undefined for one that is not a workload of one namespace. */
export function callerOfPrincipal(principal: string): AllowedCaller | undefined {
    const [, namespace, account] = /(?:^|\/)ns\/([^/*]+)\/sa\/([^/]+)$/.exec(principal) ?? [];
    return namespace === undefined ? undefined : { namespace, ...(account !== "*" && { serviceAccounts: [account] }) };
}

/** The namespaces that must see a route, without duplicates. */
export function callerNamespaces(callers: AllowedCaller[]): string[] {
    return [...new Set(callers.map((caller) => caller.namespace))].sort();
}

/** Whether a service account is among the callers. */
export function allowsCaller(callers: AllowedCaller[], namespace: string, serviceAccount: string): boolean {
    return callers.some(
        (caller) => caller.namespace === namespace && (caller.serviceAccounts?.includes(serviceAccount) ?? true),
    );
}
