import { Server, createServer } from "node:http";
import { AddressInfo } from "node:net";

export interface Post {
    id: number;
    number: number;
    body: string;
    title?: string;
    state?: string;
    user: { login: string };
}

/** As much of GitHub's API as the workflows' scripts use, on this machine, and what they asked of it. */
export class FakeGithub {
    readonly comments: Post[] = [];
    readonly issues: Post[] = [];
    deployments: {
        id: number;
        sha: string;
        environment: string;
        states: string[];
        ref: string;
        creator: { login: string };
    }[] = [];
    environments: Record<string, object> = {};
    /** Commits that no comparison finds in main. */
    notInMain: string[] = [];
    readonly changes: string[] = [];
    private readonly server: Server;

    constructor(private readonly token: string) {
        this.server = createServer((request, response) => {
            const parts: Buffer[] = [];
            request.on("data", (part: Buffer) => parts.push(part));
            request.on("end", () => {
                const body = Buffer.concat(parts).toString();
                const answer =
                    request.headers.authorization === `Bearer ${this.token}`
                        ? this.answer(request.method!, new URL(request.url!, "http://localhost"), body)
                        : undefined;
                response.statusCode = answer === undefined ? 404 : 200;
                response.end(JSON.stringify(answer ?? { message: "Not Found" }));
            });
        });
    }

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    stop(): Promise<void> {
        return new Promise((resolve) => this.server.close(() => resolve()));
    }

    private answer(method: string, url: URL, text: string): unknown {
        const path = url.pathname.replace("/repos/owner/name/", "");
        const query = url.searchParams;
        const body = (text ? JSON.parse(text) : {}) as Partial<Post>;
        if (method !== "GET") this.changes.push(`${method} ${path}`);
        const [, issue] = /^issues\/(\d+)$/.exec(path) ?? [];
        const [, comment] = /^issues\/comments\/(\d+)$/.exec(path) ?? [];
        const [, deployment] = /^deployments\/(\d+)\/statuses$/.exec(path) ?? [];
        if (/^issues\/\d+\/comments$/.test(path)) {
            return method === "POST" ? this.post(this.comments, body) : page(this.comments, query);
        }
        if (path === "issues") {
            const open = this.issues.filter(({ state }) => state !== "closed");
            return method === "POST" ? this.post(this.issues, body) : page(open, query);
        }
        if (comment) return edit(this.comments, Number(comment), body);
        if (issue) return edit(this.issues, Number(issue), body);
        if (path === "deployments") {
            return page(
                this.deployments.filter(({ environment }) => environment === query.get("environment")),
                query,
            );
        }
        const [, commit] = /^compare\/(\w+)\.\.\.main$/.exec(path) ?? [];
        const [, environment] = /^environments\/([\w-]+)$/.exec(path) ?? [];
        if (commit) return { status: this.notInMain.includes(commit) ? "diverged" : "ahead" };
        if (environment) return this.environments[environment];
        if (deployment) {
            return this.deployments.find(({ id }) => id === Number(deployment))?.states.map((state) => ({ state }));
        }
        return undefined;
    }

    private post(posts: Post[], body: Partial<Post>): Post {
        const id = posts.length + 1;
        posts.push({ body: "", ...body, id, number: id, user: { login: "github-actions[bot]" } });
        return posts.at(-1)!;
    }
}

function page<T>(items: T[], query: URLSearchParams): T[] {
    const size = Number(query.get("per_page") ?? 30);
    const first = (Number(query.get("page") ?? 1) - 1) * size;
    return items.slice(first, first + size);
}

function edit(posts: Post[], id: number, change: Partial<Post>): Post | undefined {
    const post = posts.find((one) => one.id === id);
    return post && Object.assign(post, change);
}
