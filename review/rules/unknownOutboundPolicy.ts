import { Rule, finding } from "../rule";

const MODES = ["REGISTRY_ONLY", "ALLOW_ANY", "ALLOW_ANY_DYNAMIC_DNS"];

/** Reads the ConfigMaps of istiod and of AKS, and the resources of Istio's operators and Helm charts. */
export const unknownOutboundPolicy: Rule = {
    id: "unknown-outbound-policy",
    title: "The mesh's configuration has an outbound policy that does not exist.",
    why: "Istio rejects the configuration and keeps the previous one, which by default allows every call.",
    severity: "mandatory",
    find: ({ meshConfigs }) =>
        meshConfigs.flatMap((config) => {
            const { isUnreadable, outboundMode, path } = config;
            if (isUnreadable) {
                return [
                    finding(config, {
                        path,
                        problem: "is not valid YAML, so Istio rejects it",
                        expected: "the mesh's configuration in YAML",
                        fix: "Correct its indentation and quotes",
                    }),
                ];
            }
            return outboundMode === undefined || MODES.includes(outboundMode)
                ? []
                : [
                      finding(config, {
                          path,
                          value: outboundMode,
                          problem: "is not an outbound policy, so Istio rejects the configuration",
                          expected: `one of ${MODES.join(", ")}`,
                          fix: "Set mode: REGISTRY_ONLY",
                      }),
                  ];
        }),
};
