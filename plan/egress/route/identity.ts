import { AllowedCaller, allowsCaller, validateCallers } from "../../shared/caller";
import { Violation } from "../../shared/violation";
import { RouteOptions } from "./route";

/**
 * Header in which the gateway writes the caller's identity. The gateway removes the caller's own header of this name.
 */
export const IDENTITY_HEADER = "x-forwarded-client-cert";

/** The hash of the certificate and its subject, in quotation marks. */
const QUOTED_FIELDS = '(;[A-Z][a-z]+="([^"\\\\]|\\\\.)*")*';

/**
 * Regular expression for that header, as the gateway writes it for the workloads of `caller`. It matches the whole
 * value: the caller chooses the subject and could put another identity in it, and a forged list would start with the
 * caller's own text.
 */
export function identityPattern({ namespace, serviceAccounts }: AllowedCaller, trustDomain: string): string {
    const account = serviceAccounts ? `(${serviceAccounts.join("|")})` : '[^/;,"]+';
    const identity = `spiffe://${trustDomain.replaceAll(".", "[.]")}/ns/${namespace}/sa/${account}`;
    return `By=[^;,"]*;Hash=[0-9a-f]+${QUOTED_FIELDS};URI=${identity}(;[^,]*)?`;
}

/** Callers that the expression matches. Undefined if `identityPattern` did not build it. */
export function callerOfPattern(pattern: string): AllowedCaller | undefined {
    const [, trustDomain, namespace, accounts] =
        /URI=spiffe:\/\/([^/]+)\/ns\/([a-z0-9-]+)\/sa\/(?:\(([a-z0-9.|-]+)\))?/.exec(pattern) ?? [];
    if (namespace === undefined) {
        return undefined;
    }
    const caller = accounts === undefined ? { namespace } : { namespace, serviceAccounts: accounts.split("|") };
    // An expression that was changed by hand may match more than it appears to.
    return identityPattern(caller, trustDomain.replaceAll("[.]", ".")) === pattern ? caller : undefined;
}

/** Violations in the assignment of a certificate to each caller of a route. */
export function validateCredentialCallers({ credentialCallers, hasCredential, allowFrom }: RouteOptions): Violation[] {
    if (credentialCallers === undefined) {
        return [];
    }
    if (hasCredential) {
        return [
            {
                path: "credentials",
                problem:
                    "cannot be set together with credential: callers without a certificate of their own would show that one",
                expected: "either credential, for all callers, or credentials, for each of them",
                fix: "Remove credential, and add an entry for every caller to credentials",
            },
        ];
    }
    if (credentialCallers.length === 0) {
        return [
            {
                path: "credentials",
                problem: "the list is empty, so no caller would have a certificate",
                expected: "at least one { namespace, serviceAccounts, credential }",
                fix: "Add an entry for every caller, or pass credential for all of them",
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

/** Refuses a workload with two certificates. */
function validateAmbiguous(callers: AllowedCaller[]): Violation[] {
    return callers.flatMap((caller, index) => {
        const first = callers.findIndex((other) => overlap(other, caller));
        return first === index
            ? []
            : [
                  {
                      path: `credentials[${index}]`,
                      value: describeCaller(caller),
                      problem: `has workloads that are already in credentials[${first}]`,
                      expected: "one certificate per workload",
                      fix: "Name the service accounts in each entry, and each service account only once",
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

/** Refuses certificates for workloads that the gateway does not allow: one of the two lists is wrong. */
function validateStrangers(path: string, caller: AllowedCaller, allowFrom: AllowedCaller[]): Violation[] {
    return covered(caller, allowFrom)
        ? []
        : [
              {
                  path,
                  value: describeCaller(caller),
                  problem: "has workloads that are not in allowFrom, so they could never use the certificate",
                  expected: "callers in allowFrom",
                  fix: "Add them to allowFrom, or remove them here",
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
                  fix: "Add an entry to credentials, or remove them from allowFrom",
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
