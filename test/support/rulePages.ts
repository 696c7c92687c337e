import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { RawObject } from "../../review/rawObject";

export const RULE_PAGES = join(__dirname, "../../docs/rules");

export interface RulePage {
    text: string;
    /** The objects of the first example, in which the rule finds something. */
    found: RawObject[];
    /** Those of the second, in which no rule finds anything mandatory. */
    correct: RawObject[];
}

export function rulePage(id: string): RulePage {
    const text = readFileSync(join(RULE_PAGES, `${id}.md`), "utf8");
    return { text, found: example(text, "Found"), correct: example(text, "Correct") };
}

function example(text: string, title: string): RawObject[] {
    const [, yaml] = new RegExp(`^## ${title}\\n\\n\`\`\`yaml\\n([^]*?)\`\`\``, "m").exec(text) ?? [];
    if (yaml === undefined) {
        throw new Error(`no example under "## ${title}"`);
    }
    return loadAll(yaml) as RawObject[];
}
