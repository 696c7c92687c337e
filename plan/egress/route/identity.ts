import { AllowedCaller, allowsCaller, validateCallers } from "../../shared/caller";
import { Violation } from "../../shared/violation";
import { RouteOptions } from "./route";

/** The header in which the gateway writes who calls. It drops what the caller sent under this name. */
export const IDENTITY_HEADER = "x-forwarded-client-cert";

/** The certificate and its subject, in quotation marks. */
const QUOTED_FIELDS = '(;[A-Z][a-z]+="([^"\\\\]|\\\\.)*")*';

/**
 * A regular expression for that header, as the gateway writes it for one of the workloads of `caller`. It is about the
 * whole text: the subject is the caller's own choice and could quote somebody else's identity, and a list would have
 * begun with somebody else's words.
 */
export function identityPattern({ namespace, serviceAccounts }: AllowedCaller, trustDomain: string): string {
    const account = serviceAccounts ? `(${serviceAccounts.join("|")})` : '[^/;,"]+';
    const identity = `spiffe://${trustDomain.replaceAll(".", "[.]")}/ns/${namespace}/sa/${account}`;
    return `By=[^;,"]*;Hash=[0-9a-f]+${QUOTED_FIELDS};URI=${identity}(;[^,]*)?`;
}

/** The callers that such an expression is for; undefined for one that `identityPattern` did not make. */
export function callerOfPattern(pattern: string): AllowedCaller | undefined {
    const [, trustDomain, namespace, accounts] =
        /URI=spiffe:\/\/([^/]+)\/ns\/([a-z0-9-]+)\/sa\/(?:\(([a-z0-9.|-]+)\))?/.exec(pattern) ?? [];
    if (namespace === undefined) {
        return undefined;
    }
    const caller = accounts === undefined ? { namespace } : { namespace, serviceAccounts: accounts.split("|") };
    // One that was changed by hand may let in more than it seems to.
    return identityPattern(caller, trustDomain.replaceAll("[.]", ".")) === pattern ? caller : undefined;
}

/** What keeps the callers of a route from having one certificate each. */
export function validateCredentialCallers({ credentialCallers, hasCredential, allowFrom }: RouteOptions): Violation[] {
    if (credentialCallers === undefined) {
        return [];
    }
    if (hasCredential) {
        return [
            {
                path: "credentials",
                problem: "is given beside credential, and whoever has no certificate of its own would show that one",
                expected: "one certificate for all callers, or one for each",
                fix: "Leave credential out, and give every caller an entry in credentials",
            },
        ];
    }
    if (credentialCallers.length === 0) {
        return [
            {
                path: "credentials",
                problem: "the list is empty, so no caller would have a certificate",
                expected: "at least one { namespace, serviceAccounts, credential }",
                fix: "Say which callers show which certificate, or pass credential for all of them",
            },
        ];
    }
    return [
        ...validateCallers("credentials", credentialCallers),
        ...validateAmbiguous(credentialCallers),
        ...credentialCallers.flatMap((caller, index) => validateStrangers(`credentials[${index}]`, caller, allowFrom)),
        ...allowFrom.flatMap((caller, index) =>
            validateWithoutCertificate(`allowFrom[${index}]`, caller, credentialCallers),
        ),
    ];
}

/** One workload, one certificate. */
function validateAmbiguous(callers: AllowedCaller[]): Violation[] {
    return callers.flatMap((caller, index) => {
        const first = callers.findIndex((other) => overlap(other, caller));
        return first === index
            ? []
            : [
                  {
                      path: `credentials[${index}]`,
                      value: describeCaller(caller),
                      problem: `has workloads that credentials[${first}] has already`,
                      expected: "one certificate for a workload",
                      fix: "Name the service accounts of each entry, every one of them once",
                  },
              ];
    });
}

function overlap(a: AllowedCaller, b: AllowedCaller): boolean {
    return (
        a.namespace === b.namespace &&
        (a.serviceAccounts === undefined ||
            b.serviceAccounts === undefined ||
            a.serviceAccounts.some((account) => b.serviceAccounts?.includes(account)))
    );
}

/** A certificate for somebody whom the gateway does not let in is a mistake in one of the two lists. */
function validateStrangers(path: string, caller: AllowedCaller, allowFrom: AllowedCaller[]): Violation[] {
    return covered(caller, allowFrom)
        ? []
        : [
              {
                  path,
                  value: describeCaller(caller),
                  problem: "has workloads that allowFrom does not have, so they would never show it",
                  expected: "callers in allowFrom",
                  fix: "Add them to allowFrom, or leave them out here",
              },
          ];
}

function validateWithoutCertificate(
    path: string,
    caller: AllowedCaller,
    credentialCallers: AllowedCaller[],
): Violation[] {
    return covered(caller, credentialCallers)
        ? []
        : [
              {
                  path,
                  value: describeCaller(caller),
                  problem: "has workloads without a certificate in credentials, so they would get 403",
                  expected: "a certificate for every caller",
                  fix: "Add an entry to credentials, or leave them out of allowFrom",
              },
          ];
}

/** Whether every workload of `caller` is among `callers`. */
function covered({ namespace, serviceAccounts }: AllowedCaller, callers: AllowedCaller[]): boolean {
    if (serviceAccounts === undefined) {
        return callers.some((other) => other.namespace === namespace && other.serviceAccounts === undefined);
    }
    return serviceAccounts.every((account) => allowsCaller(callers, namespace, account));
}

function describeCaller({ namespace, serviceAccounts }: AllowedCaller): string {
    return serviceAccounts ? serviceAccounts.map((account) => `${namespace}/${account}`).join(", ") : namespace;
}
