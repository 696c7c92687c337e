import { Rule, finding } from "../rule";

/** Silent where another entry of the same namespace brings the host's endpoints, and about entries that select workloads. */
export const entryWithoutEndpoints: Rule = {
    id: "entry-without-endpoints",
    title: "A ServiceEntry has resolution STATIC but no endpoints.",
    why: "Proxies have no address to call. Every call to the host gets 503.",
    severity: "mandatory",
    find: ({ serviceEntries, entriesByHost }) =>
        serviceEntries
            .filter(({ resolution, namesEndpoints }) => resolution === "STATIC" && !namesEndpoints)
            .filter(({ ref, hosts }) =>
                hosts.some(
                    (host) =>
                        !entriesByHost
                            .exact(host)
                            .some((other) => other.namesEndpoints && other.ref.namespace === ref.namespace),
                ),
            )
            .map((entry) =>
                finding(entry, {
                    path: "spec.endpoints",
                    problem: "is missing, but with resolution STATIC, calls go to endpoints only",
                    expected: "endpoints with the addresses of the host's servers, or resolution DNS",
                    fix: "Set resolution: DNS, or add the addresses under endpoints",
                }),
            ),
};
