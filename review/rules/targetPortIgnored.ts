import { Rule, finding } from "../rule";

export const targetPortIgnored: Rule = {
    id: "target-port-ignored",
    title: "A port of a ServiceEntry has a targetPort, and the entry's resolution is NONE.",
    why: "With NONE, the sidecar calls the address and port that the application dialled: for example, TLS goes to port 80.",
    severity: "mandatory",
    find: ({ serviceEntries }) =>
        serviceEntries
            .filter(({ resolution }) => resolution === "NONE")
            .flatMap((entry) =>
                entry.ports
                    .filter(({ number, targetPort }) => number !== targetPort)
                    .map(({ path, targetPort }) =>
                        finding(entry, {
                            path: `${path}.targetPort`,
                            value: targetPort,
                            problem: "is ignored with resolution NONE, the default of resolution",
                            expected: "resolution DNS or STATIC, or no targetPort",
                            fix: "Set resolution: DNS and list the hosts by name",
                        }),
                    ),
            ),
};
