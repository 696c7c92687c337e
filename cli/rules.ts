import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allRules } from "../review/index";
import { CommandContext } from "./context";
import { packageRoot } from "./packageRoot";
import { assertRule } from "./review/chooseRules";
import { textOrJson } from "./options";
import { Subcommand } from "./subcommand";

interface RulesArguments {
    rule?: string;
    output: "text" | "json";
}

/** `mesh-egress rules`: the rules of the review, and the page of each, without a network. */
export const rulesCommand: Subcommand<RulesArguments> = {
    options: (yargs) =>
        yargs
            .positional("rule", {
                type: "string",
                describe: "Id of a rule, to print its page. Default: list all rules",
            })
            .options({
                output: textOrJson("Form of the list"),
            })
            .example("$0 rules server-name-unchecked", "print its reason, a bad example and a good one"),
    run: showRules,
};

async function showRules({ terminal }: CommandContext, { rule, output }: RulesArguments): Promise<number> {
    if (rule !== undefined) {
        assertRule("RULE", rule, allRules());
    }
    const rules = allRules().filter(({ id }) => rule === undefined || id === rule);
    if (output === "json") {
        terminal.out(JSON.stringify(rules, null, 2));
    } else if (rule === undefined) {
        terminal.out(rules.map(({ id, severity, title }) => `${id} (${severity}): ${title}`).join("\n"));
    } else {
        terminal.out(readFileSync(join(packageRoot(), "docs", "rules", `${rule}.md`), "utf8").trimEnd());
    }
    return Promise.resolve(0);
}
