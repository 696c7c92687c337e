import type { Figure } from "./part";

/** What a figure's goal is about: ours, or ours divided by an alternative; none without a goal or the alternative. */
export function judged({ ours, goal, alternatives }: Figure): number | undefined {
    const over = goal?.over;
    if (goal === undefined || (over !== undefined && !alternatives?.[over])) {
        return undefined;
    }
    return over === undefined ? ours : ours / alternatives![over];
}

/** Undefined without a goal, or without a value to compare with it. */
export function isMet(figure: Figure): boolean | undefined {
    const value = judged(figure);
    if (figure.goal === undefined || value === undefined) {
        return undefined;
    }
    return figure.goal.at === "most" ? value <= figure.goal.value : value >= figure.goal.value;
}

export function goalText({ goal, unit }: Figure): string {
    if (goal === undefined) {
        return "";
    }
    const sign = goal.at === "most" ? "≤" : "≥";
    return goal.over === undefined
        ? `${sign} ${withUnit(goal.value, unit)}`
        : `${sign} ${number(goal.value)} × ${goal.over}`;
}

/** Formatted with three significant digits. */
export function number(value: number): string {
    if (Number.isInteger(value) || Math.abs(value) >= 100) {
        return Math.round(value).toLocaleString("en-US");
    }
    return String(Number(value.toPrecision(3)));
}

export function withUnit(value: number, unit: Figure["unit"]): string {
    const bare = unit === "count" || unit === "ratio";
    return bare ? number(value) : `${number(value)} ${unit}`;
}
