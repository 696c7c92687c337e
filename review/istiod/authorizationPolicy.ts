import { Fields, fields, has, list, text } from "../fields";
import { GATEWAY_API, ISTIO_NETWORKING } from "../objects/kinds";
import { Refuse, Validator } from "./refusal";
import { notLists } from "./values";

const ACTIONS = ["ALLOW", "DENY", "AUDIT", "CUSTOM"];
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
    if (typeof spec.action !== "symbol" && !ACTIONS.includes(action)) {
        refuse("spec.action", "is not an action", `one of ${ACTIONS.join(", ")}`, "Correct the action", action);
    }
    if (action === "DENY" && !has(spec, "rules")) {
        refuse("spec.rules", "is missing, so DENY would deny nothing", "a rule; {} denies every call", "Add rules");
    }
    if (has(spec, "provider") && action !== "CUSTOM") {
        refuse("spec.provider", "is for action CUSTOM", "action CUSTOM", "Remove provider");
    }
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

function target(path: string, ref: Fields, refuse: Refuse): void {
    const [group, kind] = [text(ref.group) ?? "", text(ref.kind) ?? ""];
    if (
        !TARGETS.some(([own, name]) => own === group && name === kind) &&
        typeof ref.kind !== "symbol" &&
        typeof ref.group !== "symbol"
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
    ["from", "to"].forEach((name) => {
        if (Array.isArray(own[name]) && list(own[name]).length === 0) {
            refuse(`${path}.${name}`, "is empty", "at least one, or none at all", `Remove ${name}`);
        }
    });
    list(own.from).forEach((value, index) => {
        filled(`${path}.from[${index}].source`, fields(value).source, refuse);
    });
    list(own.to).forEach((value, index) => {
        filled(`${path}.to[${index}].operation`, fields(value).operation, refuse);
    });
    list(own.when).forEach((value, index) => {
        const when = fields(value);
        if (
            typeof value === "object" &&
            list(when.values).length + list(when.notValues).length === 0 &&
            typeof when.values !== "symbol"
        ) {
            refuse(`${path}.when[${index}]`, "has no values", "values or notValues", "Add values");
        }
    });
}

function filled(path: string, value: unknown, refuse: Refuse): void {
    const isFilled =
        typeof value === "symbol" ||
        Object.values(fields(value)).some((inner) => typeof inner === "symbol" || list(inner).length > 0);
    if (!isFilled) {
        refuse(path, "says nothing", "at least one attribute", "Add an attribute, or remove it");
    }
}
