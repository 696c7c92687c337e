import { Fields, fields, has, list, text, texts } from "../fields";
import { GATEWAY_API, ISTIO_NETWORKING } from "../objects/kinds";
import { Refuse, Validator } from "./refusal";
import { badSelector, isSubnet, isUnknown, notLists } from "./values";

const ACTIONS = ["ALLOW", "DENY", "AUDIT", "CUSTOM"];
/** What CUSTOM does not take: everything that says who calls. */
const IDENTITIES = /^(not)?(principals|requestPrincipals|namespaces|serviceAccounts|trustDomains)$/i;
const ADDRESSES = ["ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"];
/** Names of conditions; those that end in `[` go on with a key and `]`. */
const CONDITIONS = [
    "request.headers[",
    "request.auth.claims[",
    "experimental.envoy.filters.",
    "source.ip",
    "remote.ip",
    "source.namespace",
    "source.serviceAccount",
    "source.principal",
    "source.trustDomain",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "destination.ip",
    "destination.port",
    "connection.sni",
];
const TARGETS = [
    ["", "Service"],
    ["core", "Service"],
    [ISTIO_NETWORKING, "ServiceEntry"],
    [GATEWAY_API, "Gateway"],
    [GATEWAY_API, "GatewayClass"],
];

export const validateAuthorizationPolicy: Validator = (spec, refuse) => {
    const action = text(spec.action) ?? "ALLOW";
    const chosen = ["selector", "targetRef", "targetRefs"].filter(
        (name) =>
            has(spec, name) &&
            list(spec[name] ?? [1]).length >= 0 &&
            !(Array.isArray(spec[name]) && spec[name].length === 0),
    );
    notLists(spec, ["rules", "targetRefs"], refuse);
    if (chosen.length > 1) {
        refuse(
            `spec.${chosen[1]}`,
            `cannot be set together with ${chosen[0]}`,
            "a selector or target references",
            `Remove ${chosen[1]}, or ${chosen[0]}`,
        );
    }
    if (!isUnknown(spec.action) && !ACTIONS.includes(action)) {
        refuse("spec.action", "is not an action", `one of ${ACTIONS.join(", ")}`, "Correct the action", action);
    }
    if (action === "DENY" && !has(spec, "rules")) {
        refuse("spec.rules", "is missing, so DENY would deny nothing", "a rule; {} denies every call", "Add rules");
    }
    if (has(spec, "provider") && action !== "CUSTOM" && !isUnknown(spec.action)) {
        refuse("spec.provider", "is for action CUSTOM", "action CUSTOM", "Remove provider");
    }
    if (action === "CUSTOM") {
        custom(spec, refuse);
    }
    badSelector("spec.selector.matchLabels", fields(spec.selector).matchLabels, refuse);
    list(spec.targetRefs).forEach((value, index) => {
        target(`spec.targetRefs[${index}]`, fields(value), refuse);
    });
    if (has(spec, "targetRef")) {
        target("spec.targetRef", fields(spec.targetRef), refuse);
    }
    list(spec.rules).forEach((value, index) => {
        rule(`spec.rules[${index}]`, fields(value), refuse);
    });
};

function custom(spec: Fields, refuse: Refuse): void {
    const { name } = fields(spec.provider);
    if (!has(spec, "rules")) {
        refuse("spec.rules", "is missing, so CUSTOM would ask nobody", "a rule; {} is for every call", "Add rules");
    } else if (!isUnknown(spec.provider) && !isUnknown(name) && text(name) === undefined) {
        refuse("spec.provider", "names no provider", "the name of an extension provider", "Add provider.name");
    }
    list(spec.rules).forEach((value, index) => {
        list(fields(value).from).forEach((from, position) => {
            for (const key of Object.keys(fields(fields(from).source)).filter((one) => IDENTITIES.test(one))) {
                refuse(
                    `spec.rules[${index}].from[${position}].source.${key}`,
                    "cannot be used with action CUSTOM",
                    "ipBlocks, or conditions on the request",
                    `Remove ${key}`,
                );
            }
        });
    });
}

function target(path: string, ref: Fields, refuse: Refuse): void {
    const [group, kind] = [text(ref.group) ?? "", text(ref.kind) ?? ""];
    if (
        !TARGETS.some(([own, name]) => own === group && name === kind) &&
        !isUnknown(ref.kind) &&
        !isUnknown(ref.group)
    ) {
        refuse(
            `${path}.kind`,
            `is not a kind that a policy can target (group ${JSON.stringify(group)})`,
            "Service, ServiceEntry, or a Gateway of the Gateway API",
            "Select the pods with selector instead",
            kind,
        );
    }
    if (has(ref, "namespace") && ref.namespace !== "") {
        refuse(
            `${path}.namespace`,
            "is set, but a policy can only target objects in its own namespace",
            "no namespace",
            "Remove it, and move the policy to its target's namespace",
            text(ref.namespace),
        );
    }
    if (!has(ref, "name")) {
        refuse(path, "has no name", "the name of the policy's target", "Add name");
    }
}

function rule(path: string, own: Fields, refuse: Refuse): void {
    list(own.from).forEach((value, index) => {
        filled(`${path}.from[${index}].source`, fields(value).source, refuse);
        source(`${path}.from[${index}].source`, fields(fields(value).source), refuse);
    });
    list(own.to).forEach((value, index) => {
        filled(`${path}.to[${index}].operation`, fields(value).operation, refuse);
        operation(`${path}.to[${index}].operation`, fields(fields(value).operation), refuse);
    });
    list(own.when).forEach((value, index) => {
        const when = fields(value);
        if (
            typeof value === "object" &&
            list(when.values).length + list(when.notValues).length === 0 &&
            !isUnknown(when.values)
        ) {
            refuse(`${path}.when[${index}]`, "has no values", "values or notValues", "Add values");
        }
        const key = text(when.key);
        if (typeof value === "object" && key === undefined && !isUnknown(when.key)) {
            refuse(`${path}.when[${index}]`, "has no key", "the attribute that the values are of", "Add key");
        }
        if (key !== undefined && !isCondition(key)) {
            refuse(
                `${path}.when[${index}].key`,
                "is not a condition of Istio",
                "an attribute such as source.principal, request.headers[name] or connection.sni",
                "Correct the key",
                key,
            );
        }
    });
}

function isCondition(key: string): boolean {
    return CONDITIONS.some((name) =>
        name.endsWith("[")
            ? key.startsWith(name) && key.endsWith("]") && key.length > name.length + 1
            : name.endsWith(".")
              ? key.startsWith(name)
              : key === name,
    );
}

function source(path: string, own: Fields, refuse: Refuse): void {
    const names = (keys: string[]) => keys.some((key) => list(own[key]).length > 0);
    if (
        names(["serviceAccounts", "notServiceAccounts"]) &&
        names(["principals", "notPrincipals", "namespaces", "notNamespaces"])
    ) {
        refuse(
            `${path}.serviceAccounts`,
            "cannot be set together with principals or namespaces",
            "one of the two",
            "Remove one of them",
        );
    }
    emptyValues(path, own, refuse);
    for (const key of ADDRESSES) {
        texts(own[key]).forEach((address, index) => {
            if (!isSubnet(address)) {
                refuse(`${path}.${key}[${index}]`, "is not an address", "an address or a range", "Correct it", address);
            }
        });
    }
    for (const key of ["serviceAccounts", "notServiceAccounts"]) {
        texts(own[key]).forEach((account, index) => {
            const parts = account.split("/");
            if (parts.length > 2 || parts.includes("") || account.includes("*")) {
                refuse(
                    `${path}.${key}[${index}]`,
                    "is not a service account",
                    "namespace/serviceAccount, or serviceAccount",
                    "Write namespace/serviceAccount",
                    account,
                );
            }
        });
    }
}

function emptyValues(path: string, own: Fields, refuse: Refuse): void {
    for (const [key, values] of Object.entries(own)) {
        list(values).forEach((value, index) => {
            if (value === "") {
                refuse(`${path}.${key}[${index}]`, "is empty", "a value", "Write the value, or remove it");
            }
        });
    }
}

function operation(path: string, own: Fields, refuse: Refuse): void {
    emptyValues(path, own, refuse);
    for (const key of ["ports", "notPorts"]) {
        list(own[key]).forEach((port, index) => {
            const isPort = typeof port === "string" && /^\d+$/.test(port) && Number(port) <= 65535;
            if (!isPort && !isUnknown(port)) {
                refuse(
                    `${path}.${key}[${index}]`,
                    "is not a port",
                    'a port in quotes, such as "443"',
                    "Correct it",
                    port,
                );
            }
        });
    }
}

function filled(path: string, value: unknown, refuse: Refuse): void {
    const isFilled =
        isUnknown(value) || Object.values(fields(value)).some((inner) => isUnknown(inner) || list(inner).length > 0);
    if (!isFilled) {
        refuse(path, "says nothing", "at least one attribute", "Add an attribute, or remove it");
    }
}
