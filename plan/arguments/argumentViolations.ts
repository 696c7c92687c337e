import { Violation } from "../shared/violation";
import { EnumSpec, PackageSchema, ValueSpec, isEnum, referredType } from "./packageSchema";
import { suggestion } from "./suggestion";

/** The longest key that a message repeats. */
const LONGEST_KEY = 64;

/** The violation for a key that is not declared, with the declared key that was probably meant. */
export function unknownKeyViolation(
    outer: string,
    key: string,
    known: string[],
): { violation: Violation; meant?: string } {
    const meant = suggestion(key, known);
    const isShown = key.length <= LONGEST_KEY && /^[\w$.-]*$/.test(key);
    const name = isShown ? key : "<a key>";
    const path = outer === "" ? name : `${outer}.${name}`;
    return {
        meant,
        violation: {
            path,
            problem: "is not a known setting",
            expected: known.length === 0 ? "no settings here" : `one of ${known.join(", ")}`,
            fix: meant === undefined ? "Remove it" : `Did you mean ${meant}? Rename it`,
        },
    };
}

/** The violation for a value that is not in the enum. */
export function enumViolation(
    { enum: members }: EnumSpec,
    given: unknown,
    path: string,
    shown: { value?: string | number | boolean },
): Violation {
    const values = members.map(({ value }) => JSON.stringify(value));
    const meant =
        typeof given === "string" &&
        suggestion(
            given,
            members.map(({ value }) => String(value)),
        );
    return {
        path,
        ...shown,
        problem: "is not an allowed value",
        expected: `one of ${values.join(", ")}`,
        fix: meant ? `Did you mean ${meant}? Write ${JSON.stringify(meant)}` : "Choose one of them",
    };
}

/** The fix for a value of the wrong type. */
export function typeFix(schema: PackageSchema, spec: ValueSpec, value: unknown): string {
    if (value === null) {
        return "Set it, or remove it";
    }
    const type = referredType(schema, spec);
    const wanted = type ? (isEnum(type) ? type.type : "object") : spec.type;
    if (wanted === "array") {
        return "Put it in a list: [ ... ]";
    }
    if (typeof value === "string") {
        if (wanted === "number" && value.trim() !== "" && Number.isFinite(Number(value))) {
            return `Write ${Number(value)} without quotation marks`;
        }
        if (wanted === "boolean" && ["true", "false"].includes(value.toLowerCase())) {
            return `Write ${value.toLowerCase()} without quotation marks`;
        }
    }
    return wanted === "string" && typeof value !== "object" ? "Put it in quotation marks" : "Correct it";
}
