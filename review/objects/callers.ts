import { IDENTITY_HEADER, callerOfPattern } from "../../plan/egress/route/identity";
import { AllowedCaller, callerNamespaces, callerOfPrincipal } from "../../plan/shared/caller";
import { Fields, fields, has, list, text, texts } from "../fields";

/** The caller that a match of a gateway's route asks for, as an EgressRoute does. */
export function callerOfMatch(match: Fields): AllowedCaller | "anyone" | "unknown" {
    const headers = fields(match.headers);
    const pattern = text(fields(headers[IDENTITY_HEADER]).regex);
    if (pattern === undefined) {
        // A preview does not know the pattern of a route whose gateway is yet to be created.
        return has(headers, IDENTITY_HEADER) ? "unknown" : "anyone";
    }
    return callerOfPattern(pattern) ?? "anyone";
}

/** Whether a rule asks nobody who calls, or takes every identity of the mesh. */
export function isForEveryone(rule: Fields): boolean {
    const sources = list(rule.from).map((one) => fields(fields(one).source));
    return sources.length === 0 || sources.some((source) => texts(source.principals).includes("*"));
}

/** The sources of a rule as callers: principals of any trust domain, service accounts and namespaces. */
export function sourcesOf(rule: Fields): AllowedCaller[] {
    return list(rule.from).flatMap((one) => {
        const source = fields(fields(one).source);
        const principals = texts(source.principals).flatMap((principal) => callerOfPrincipal(principal) ?? []);
        const accounts = texts(source.serviceAccounts).flatMap((value): AllowedCaller[] => {
            const [namespace, account] = value.split("/");
            return account ? [{ namespace, serviceAccounts: [account] }] : [];
        });
        const namespaces = texts(source.namespaces).map((namespace): AllowedCaller => ({ namespace }));
        return [...principals, ...accounts, ...namespaces.filter(({ namespace }) => !namespace.includes("*"))];
    });
}

/** One entry a namespace, the whole namespace where any of them is. */
export function mergedCallers(callers: AllowedCaller[]): AllowedCaller[] {
    return callerNamespaces(callers).map((namespace) => {
        const own = callers.filter((caller) => caller.namespace === namespace);
        return own.some(({ serviceAccounts }) => serviceAccounts === undefined)
            ? { namespace }
            : {
                  namespace,
                  serviceAccounts: [...new Set(own.flatMap(({ serviceAccounts = [] }) => serviceAccounts))].sort(),
              };
    });
}
