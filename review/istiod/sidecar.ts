import { fields, has, list, text, texts } from "../fields";
import { Validator, refuseIf, refused } from "./refusal";
import { notLists } from "./values";

const MODES = ["REGISTRY_ONLY", "ALLOW_ANY"];
const CONTENT = ["egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool"];

export const validateSidecar: Validator = (spec) => {
    const mode = text(fields(spec.outboundTrafficPolicy).mode);
    return [
        ...notLists(spec, ["egress", "ingress"]),
        ...refuseIf(!CONTENT.some((name) => has(spec, name)), () =>
            refused(
                "spec",
                "sets nothing",
                "egress, ingress or outboundTrafficPolicy",
                "Add one of them, or remove the Sidecar",
            ),
        ),
        ...refuseIf(mode !== undefined && !MODES.includes(mode), () =>
            refused(
                "spec.outboundTrafficPolicy.mode",
                "is not an outbound policy of a Sidecar",
                `one of ${MODES.join(", ")}`,
                "Set mode: REGISTRY_ONLY",
                mode,
            ),
        ),
        ...list(spec.egress).flatMap((value, index) => [
            ...refuseIf(Array.isArray(fields(value).hosts) && list(fields(value).hosts).length === 0, () =>
                refused(`spec.egress[${index}].hosts`, "names no host", "namespace/host", 'Add "./*"'),
            ),
            ...texts(fields(value).hosts).flatMap((host, position) =>
                refuseIf(!host.includes("/"), () =>
                    refused(
                        `spec.egress[${index}].hosts[${position}]`,
                        "names no namespace",
                        "namespace/host, where each may be *",
                        `Write ${JSON.stringify(`*/${host}`)}`,
                        host,
                    ),
                ),
            ),
        ]),
    ];
};
