import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/*
 * What the workflows tell GitHub and ask of it. It runs as it is, with Node 24 and nothing installed, so that the jobs whose
 * token can write run no code but this.
 *   comment --number N --reports FOLDER --complete true|false   one comment of a pull request, edited each time
 *   issue --reports FOLDER --complete true|false                one issue while stacks drift, closed when none does
 *   deployed --environment NAME                                 "sha=..." of the last commit an environment was updated to
 *   protected --environment NAME [--reviewers true]             fails unless main alone, or an approval, gives its credentials
 */

/** What GitHub takes as a comment or an issue. */
const CHARACTERS = 65_536;
const AUTHOR = "github-actions[bot]";
const LABEL = "drift";
const MAIN = "main";

interface Post {
    id: number;
    number: number;
    body: string | null;
    user: { login: string } | null;
    pull_request?: object;
}

interface Deployment {
    id: number;
    sha: string;
    ref: string;
    creator: { login: string } | null;
}

interface Environment {
    protection_rules?: { type: string }[];
    deployment_branch_policy?: { protected_branches: boolean; custom_branch_policies: boolean } | null;
}

const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
        number: { type: "string" },
        reports: { type: "string" },
        complete: { type: "string" },
        environment: { type: "string" },
        reviewers: { type: "string", default: "false" },
    },
});

const commands: Record<string, () => Promise<void>> = { comment, issue, deployed, protected: isProtected };
const chosen = commands[positionals[0] ?? ""];
if (chosen === undefined) {
    throw new Error(`"${positionals[0]}" is no command; expected ${Object.keys(commands).join(", ")}.`);
}
await chosen();

async function comment(): Promise<void> {
    const marker = "<!-- mesh-egress: preview -->";
    const number = needed("number");
    const pages = reports();
    const body = bodyOf(marker, pages, complete() ? "" : "**A preview failed; its log says why.**\n\n");
    const found = await find(`issues/${number}/comments?`, marker);
    if (found) {
        await ask("PATCH", `issues/comments/${found.id}`, { body });
    } else {
        await ask("POST", `issues/${number}/comments`, { body });
    }
}

async function issue(): Promise<void> {
    const marker = "<!-- mesh-egress: drift -->";
    const pages = reports();
    const found = await find(`issues?state=open&labels=${LABEL}&`, marker);
    if (pages.length > 0) {
        const title = `Drift in ${pages.map(({ stack }) => stack).join(", ")}`;
        const words = "What runs is not what the stacks say. An update makes it so again, with these changes:\n\n";
        const body = bodyOf(marker, pages, complete() ? words : `${words}**Other stacks could not be looked at.**\n\n`);
        await (found
            ? ask("PATCH", `issues/${found.number}`, { title, body })
            : ask("POST", "issues", { title, body, labels: [LABEL] }));
    } else if (found && complete()) {
        await ask("POST", `issues/${found.number}/comments`, { body: "Nothing drifts any more." });
        await ask("PATCH", `issues/${found.number}`, { state: "closed", state_reason: "completed" });
    }
}

async function deployed(): Promise<void> {
    const environment = needed("environment");
    const query = new URLSearchParams({ environment });
    for await (const deployment of all<Deployment>(`deployments?${query.toString()}&`)) {
        // Whoever may write deployments can make a record; a workflow's own comes from main.
        if (deployment.creator?.login !== AUTHOR || deployment.ref !== MAIN) {
            continue;
        }
        const statuses = (await ask("GET", `deployments/${deployment.id}/statuses?per_page=100`)) as {
            state: string;
        }[];
        // An earlier success becomes inactive when a later one succeeds.
        if (statuses.some(({ state }) => state === "success") && (await isInMain(deployment.sha))) {
            console.log(`sha=${deployment.sha}`);
            return;
        }
    }
    throw new Error(`The environment "${environment}" was never updated by a workflow. Let up.yml do that first.`);
}

/** Whether main has the commit, so that everything in it was judged. */
async function isInMain(sha: string): Promise<boolean> {
    const { status } = (await ask("GET", `compare/${sha}...${MAIN}`)) as { status: string };
    return status === "ahead" || status === "identical";
}

async function isProtected(): Promise<void> {
    const name = needed("environment");
    const { protection_rules: rules = [], deployment_branch_policy: branches } = (await ask(
        "GET",
        `environments/${encodeURIComponent(name)}`,
    )) as Environment;
    const preview = name.endsWith("-preview");
    if (!preview && !branches) {
        throw new Error(
            `The environment "${name}" can be used from every branch. Under Settings > Environments > ${name} > Deployment branches and tags allow ${MAIN} alone.`,
        );
    }
    if (needed("reviewers") === "true" && !rules.some(({ type }) => type === "required_reviewers")) {
        throw new Error(
            `The environment "${name}" gives the program of a pull request a passphrase that decrypts the state's private keys. Under Settings > Environments > ${name} add required reviewers, or use PULUMI_ACCESS_TOKEN instead of the passphrase.`,
        );
    }
}

function bodyOf(marker: string, pages: { stack: string; page: string }[], words: string): string {
    let body = `${marker}\n${words}`;
    for (const { stack, page } of pages) {
        const instead = `## Preview of \`${stack}\`\n\nToo long for this: it is in the artifacts of the run.\n\n`;
        const kept = (pages.length - 1) * instead.length;
        body += body.length + page.length + kept <= CHARACTERS ? `${page.trimEnd()}\n\n` : instead;
    }
    return body;
}

/** The reports that the stacks' jobs have left, each in the folder of its artifact. */
function reports(): { stack: string; page: string }[] {
    const folder = needed("reports");
    const found = existsSync(folder) ? readdirSync(folder).sort() : [];
    return found.map((name) => ({
        stack: name.replace(/^report-/, ""),
        page: readFileSync(join(folder, name, "report.md"), "utf8"),
    }));
}

async function find(path: string, marker: string): Promise<Post | undefined> {
    for await (const post of all<Post>(path)) {
        // Anybody can write the marker; what a person wrote is not edited.
        if (post.user?.login === AUTHOR && post.body?.startsWith(marker) && !post.pull_request) {
            return post;
        }
    }
    return undefined;
}

async function* all<T>(path: string): AsyncGenerator<T> {
    for (let page = 1; ; page++) {
        const items = (await ask("GET", `${path}per_page=100&page=${page}`)) as T[];
        yield* items;
        if (items.length < 100) {
            return;
        }
    }
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const address = `${variable("GITHUB_API_URL")}/repos/${variable("GITHUB_REPOSITORY")}/${path}`;
    const response = await fetch(address, {
        method,
        headers: {
            accept: "application/vnd.github+json",
            authorization: `Bearer ${variable("GITHUB_TOKEN")}`,
            "x-github-api-version": "2022-11-28",
        },
        ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
        throw new Error(`${method} ${address} was answered ${response.status}: ${text.slice(0, 500)}`);
    }
    return JSON.parse(text);
}

function complete(): boolean {
    return needed("complete") === "true";
}

function needed(option: keyof typeof values): string {
    const value = values[option];
    if (!value) {
        throw new Error(`--${option} is missing.`);
    }
    return value;
}

function variable(name: string): string {
    const value = process.env[name];
    if (!value) {
        throw new Error(`The variable ${name} is missing; GitHub sets it in a workflow.`);
    }
    return value;
}
