import { Fields, fields, has, list, text, texts } from "../fields";
import { Refuse, Validator } from "./refusal";
import {
    badPort,
    badProtocol,
    badSelector,
    isDnsLabel,
    isFqdn,
    isPartialWildcard,
    isUnknown,
    isWildcardDomain,
    notLists,
} from "./values";

const MODES = ["REGISTRY_ONLY", "ALLOW_ANY"];
const CONTENT = ["egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool"];

export const validateSidecar: Validator = (spec, refuse) => {
    const mode = text(fields(spec.outboundTrafficPolicy).mode);
    notLists(spec, ["egress", "ingress"], refuse);
    if (!CONTENT.some((name) => has(spec, name) && !isEmpty(spec[name]))) {
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
    egressProxy(spec, mode, refuse);
    badSelector("spec.workloadSelector.labels", fields(spec.workloadSelector).labels, refuse);
    listeners("spec.egress", list(spec.egress), refuse);
    listeners("spec.ingress", list(spec.ingress), refuse);
    list(spec.egress).forEach((value, index) => {
        const listener = fields(value);
        const path = `spec.egress[${index}]`;
        if (typeof value === "object" && (!has(listener, "hosts") || isEmpty(listener.hosts))) {
            refuse(`${path}.hosts`, "names no host", "namespace/host", 'Add "./*"');
        }
        if (typeof value === "object" && !has(listener, "port") && index < list(spec.egress).length - 1) {
            refuse(
                path,
                "has no port, but is not the last listener",
                "ports for all but the last",
                "Move it to the end",
            );
        }
        texts(listener.hosts).forEach((host, position) => {
            const problem = hostProblem(host);
            if (problem) {
                refuse(`${path}.hosts[${position}]`, ...problem, host);
            }
        });
    });
    list(spec.ingress).forEach((value, index) => {
        if (typeof value === "object" && !has(fields(value), "port")) {
            refuse(`spec.ingress[${index}]`, "has no port", "port with number, name and protocol", "Add the port");
        }
    });
};

function isEmpty(value: unknown): boolean {
    return Array.isArray(value) && value.length === 0;
}

function egressProxy(spec: Fields, mode: string | undefined, refuse: Refuse): void {
    const policy = fields(spec.outboundTrafficPolicy);
    const path = "spec.outboundTrafficPolicy.egressProxy";
    const { host, port } = fields(policy.egressProxy);
    if (!has(policy, "egressProxy")) {
        return;
    }
    if (!isUnknown(policy.mode) && mode !== "ALLOW_ANY") {
        refuse(path, "is set, but the mode is not ALLOW_ANY", "mode ALLOW_ANY with egressProxy", "Set mode: ALLOW_ANY");
    }
    if (!isUnknown(host) && !isFqdn(text(host) ?? "")) {
        refuse(`${path}.host`, "is not a host", "the proxy's full name", "Write the host's name", host);
    }
    if (port === undefined || port === null) {
        refuse(path, "has no port", "port: { number: ... }", "Add the port");
    }
}

/** Two listeners of one port, and values that a port cannot have. */
function listeners(path: string, all: unknown[], refuse: Refuse): void {
    const numbers = new Set<unknown>();
    all.forEach((value, index) => {
        const { number, protocol } = fields(fields(value).port);
        const at = `${path}[${index}].port`;
        const isSocket = number === 0 && path === "spec.egress";
        if (!isSocket) {
            badPort(`${at}.number`, number, refuse);
        }
        badProtocol(`${at}.protocol`, protocol, refuse);
        if (typeof number === "number" && !isSocket && numbers.has(number)) {
            refuse(`${at}.number`, "is the port of an earlier listener", "each port once", "Merge the two", number);
        }
        numbers.add(number);
    });
}

function hostProblem(value: string): [problem: string, expected: string, fix: string] | undefined {
    const slash = value.indexOf("/");
    const [namespace, host] = [value.slice(0, slash).replace(/^~/, ""), value.slice(slash + 1)];
    if (slash < 0) {
        return ["names no namespace", "namespace/host, where each may be *", `Write ${JSON.stringify(`*/${value}`)}`];
    }
    const isNamespace = slash > 0 && (["", "*", "."].includes(namespace) || isDnsLabel(namespace));
    const isHost = host === "*" || (host.includes(".") && !isPartialWildcard(host) && isWildcardDomain(host));
    return isNamespace && isHost
        ? undefined
        : [
              "is not a host of a Sidecar",
              "namespace/host, with the host's full name or a wildcard such as *.example",
              "Write the namespace and the host's full name",
          ];
}
