import { validateOpenRanges } from "../shared/openRange";
import { Violation } from "../shared/violation";
import { ResolvedNetwork } from "./resolvedNetwork";
import { SecurityRule, denyInternet, serviceTagRules } from "./securityRules";

type Partners = Pick<ResolvedNetwork, "partnerRanges" | "partnerPorts" | "existingSubnets">;

/** Rules for the egress subnet: the partners' addresses and ports, and the Azure services that every node needs. */
export function egressSecurityRules({ partnerRanges, partnerPorts }: Partners): SecurityRule[] {
    if (partnerRanges.length === 0) {
        return [];
    }
    const allowed = partnerRanges.flatMap((range, index) =>
        partnerPorts.map((port, at) => ({
            name: `allow-partner-${index}-${port}`,
            priority: 1000 + index * partnerPorts.length + at,
            direction: "Outbound" as const,
            access: "Allow" as const,
            protocol: "Tcp" as const,
            sourceAddressPrefix: "*",
            sourcePortRange: "*",
            destinationAddressPrefix: range,
            destinationPortRange: String(port),
        })),
    );
    return [...serviceTagRules([]), ...allowed, denyInternet];
}

/** Azure accepts priorities up to 4096, and the rules start at 1000. */
const MOST_RULES = 3000;

export function validatePartnerRules({ partnerRanges, partnerPorts, existingSubnets }: Partners): Violation[] {
    return [
        ...validateOpenRanges("partnerRanges", partnerRanges, {
            families: [4],
            // A partner may be behind a hub's VPN.
            allow: ["private"],
            expected: "the ranges of the partners",
        }),
        ...partnerPorts.flatMap((port, index) =>
            Number.isInteger(port) && port >= 1 && port <= 65535 && partnerPorts.indexOf(port) === index
                ? []
                : [
                      {
                          path: `partnerPorts[${index}]`,
                          value: port,
                          problem: partnerPorts.indexOf(port) === index ? "is not a TCP port" : "is a duplicate",
                          expected: "ports from 1 to 65535, each once",
                          fix: "Correct it",
                      },
                  ],
        ),
        ...(partnerRanges.length * partnerPorts.length > MOST_RULES
            ? [
                  {
                      path: "partnerRanges",
                      value: partnerRanges.length,
                      problem: `is more ranges than a security group can have with ${partnerPorts.length} ports`,
                      expected: `at most ${MOST_RULES} combinations of a range and a port`,
                      fix: "Merge adjacent ranges",
                  },
              ]
            : []),
        ...(partnerRanges.length > 0 && existingSubnets
            ? [
                  {
                      path: "partnerRanges",
                      problem: "have no effect: the existing egress subnet keeps its own security group",
                      expected: "no partnerRanges with existingSubnets",
                      fix: "Add the rules to its security group, and remove partnerRanges",
                  },
              ]
            : []),
    ];
}
