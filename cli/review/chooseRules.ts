import { distance } from "fastest-levenshtein";
import { CommandError } from "../commandError";
import { RuleInfo } from "../../review/index";

/** The rules that `--rule` names, or all, without those that `--skip` names. */
export function chooseRules(all: RuleInfo[], only: string[], skip: string[]): RuleInfo[] {
    only.forEach((id) => assertRule("--rule", id, all));
    skip.forEach((id) => assertRule("--skip", id, all));
    return all.filter(({ id }) => (only.length === 0 || only.includes(id)) && !skip.includes(id));
}

/** Throws an error with the nearest id if there is no such rule. */
export function assertRule(option: string, id: string, all: RuleInfo[]): void {
    if (all.some((rule) => rule.id === id)) {
        return;
    }
    const [nearest] = [...all].sort((one, other) => distance(id, one.id) - distance(id, other.id));
    const isNear = distance(id, nearest.id) <= 4;
    throw new CommandError(
        `${option} ${JSON.stringify(id)} is not a known rule. ${isNear ? `Did you mean ${nearest.id}? ` : ""}List the rules with: mesh-egress rules`,
    );
}
