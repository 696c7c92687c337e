import { fields, has, list, text, texts } from "../fields";
import { Validator } from "./refusal";
import { notLists } from "./values";

const MODES = ["REGISTRY_ONLY", "ALLOW_ANY"];
const CONTENT = ["egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool"];

export const validateSidecar: Validator = (spec, refuse) => {
    const mode = text(fields(spec.outboundTrafficPolicy).mode);
    notLists(spec, ["egress", "ingress"], refuse);
    if (!CONTENT.some((name) => has(spec, name))) {
        refuse(
            "spec",
            "sets nothing",
            "egress, ingress or outboundTrafficPolicy",
            "Add one of them, or remove the Sidecar",
        );
    }
    if (mode !== undefined && !MODES.includes(mode)) {
        refuse(
            "spec.outboundTrafficPolicy.mode",
            "is not an outbound policy of a Sidecar",
            `one of ${MODES.join(", ")}`,
            "Set mode: REGISTRY_ONLY",
            mode,
        );
    }
    list(spec.egress).forEach((value, index) => {
        if (Array.isArray(fields(value).hosts) && list(fields(value).hosts).length === 0) {
            refuse(`spec.egress[${index}].hosts`, "names no host", "namespace/host", 'Add "./*"');
        }
        texts(fields(value).hosts).forEach((host, position) => {
            if (!host.includes("/")) {
                refuse(
                    `spec.egress[${index}].hosts[${position}]`,
                    "names no namespace",
                    "namespace/host, where each may be *",
                    `Write ${JSON.stringify(`*/${host}`)}`,
                    host,
                );
            }
        });
    });
};
