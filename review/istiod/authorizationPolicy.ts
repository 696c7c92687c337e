import { Violation } from "../../plan/shared/violation";
import { Fields, fields, has, list, text } from "../fields";
import { GATEWAY_API, ISTIO_NETWORKING } from "../objects/kinds";
import { Validator, refuseIf, refused } from "./refusal";
import { notLists } from "./values";

const ACTIONS = ["ALLOW", "DENY", "AUDIT", "CUSTOM"];
const TARGETS = [
    ["", "Service"],
    ["core", "Service"],
    [ISTIO_NETWORKING, "ServiceEntry"],
    [GATEWAY_API, "Gateway"],
    [GATEWAY_API, "GatewayClass"],
];

export const validateAuthorizationPolicy: Validator = (spec) => {
    const action = text(spec.action) ?? "ALLOW";
    const chosen = ["selector", "targetRef", "targetRefs"].filter(
        (name) =>
            has(spec, name) &&
            list(spec[name] ?? [1]).length >= 0 &&
            !(Array.isArray(spec[name]) && spec[name].length === 0),
    );
    return [
        ...notLists(spec, ["rules", "targetRefs"]),
        ...refuseIf(chosen.length > 1, () =>
            refused(
                `spec.${chosen[1]}`,
                `cannot be set together with ${chosen[0]}`,
                "a selector or target references",
                `Remove ${chosen[1]}, or ${chosen[0]}`,
            ),
        ),
        ...refuseIf(typeof spec.action !== "symbol" && !ACTIONS.includes(action), () =>
            refused("spec.action", "is not an action", `one of ${ACTIONS.join(", ")}`, "Correct the action", action),
        ),
        ...refuseIf(action === "DENY" && !has(spec, "rules"), () =>
            refused(
                "spec.rules",
                "is missing, so DENY would deny nothing",
                "a rule; {} denies every call",
                "Add rules",
            ),
        ),
        ...refuseIf(has(spec, "provider") && action !== "CUSTOM", () =>
            refused("spec.provider", "is for action CUSTOM", "action CUSTOM", "Remove provider"),
        ),
        ...list(spec.targetRefs).flatMap((value, index) => target(`spec.targetRefs[${index}]`, fields(value))),
        ...(has(spec, "targetRef") ? target("spec.targetRef", fields(spec.targetRef)) : []),
        ...list(spec.rules).flatMap((value, index) => rule(`spec.rules[${index}]`, fields(value))),
    ];
};

function target(path: string, ref: Fields): readonly Violation[] {
    const [group, kind] = [text(ref.group) ?? "", text(ref.kind) ?? ""];
    return [
        ...refuseIf(
            !TARGETS.some(([own, name]) => own === group && name === kind) &&
                typeof ref.kind !== "symbol" &&
                typeof ref.group !== "symbol",
            () =>
                refused(
                    `${path}.kind`,
                    `is not a kind that a policy can target (group ${JSON.stringify(group)})`,
                    "Service, ServiceEntry, or a Gateway of the Gateway API",
                    "Select the pods with selector instead",
                    kind,
                ),
        ),
        ...refuseIf(has(ref, "namespace") && ref.namespace !== "", () =>
            refused(
                `${path}.namespace`,
                "is set, but a policy can only target objects in its own namespace",
                "no namespace",
                "Remove it, and move the policy to its target's namespace",
                text(ref.namespace),
            ),
        ),
        ...refuseIf(!has(ref, "name"), () =>
            refused(path, "has no name", "the name of the policy's target", "Add name"),
        ),
    ];
}

function rule(path: string, own: Fields): readonly Violation[] {
    return [
        ...["from", "to"].flatMap((name) =>
            refuseIf(Array.isArray(own[name]) && list(own[name]).length === 0, () =>
                refused(`${path}.${name}`, "is empty", "at least one, or none at all", `Remove ${name}`),
            ),
        ),
        ...list(own.from).flatMap((value, index) => filled(`${path}.from[${index}].source`, fields(value).source)),
        ...list(own.to).flatMap((value, index) => filled(`${path}.to[${index}].operation`, fields(value).operation)),
        ...list(own.when).flatMap((value, index) => {
            const when = fields(value);
            return refuseIf(
                typeof value === "object" &&
                    list(when.values).length + list(when.notValues).length === 0 &&
                    typeof when.values !== "symbol",
                () => refused(`${path}.when[${index}]`, "has no values", "values or notValues", "Add values"),
            );
        }),
    ];
}

function filled(path: string, value: unknown): readonly Violation[] {
    const isFilled =
        typeof value === "symbol" ||
        Object.values(fields(value)).some((inner) => typeof inner === "symbol" || list(inner).length > 0);
    return refuseIf(!isFilled, () =>
        refused(path, "says nothing", "at least one attribute", "Add an attribute, or remove it"),
    );
}
