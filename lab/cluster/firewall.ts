import { attempt } from "../command";
import { podSubnet } from "./addresses";

/** The two programs, IPv4 and IPv6: kube-proxy makes its chains with both. */
export const tables = ["iptables", "ip6tables"] as const;
export type Table = (typeof tables)[number];

/** What kube-proxy, the kubelet and the CNI plugins call their chains. */
const chainName = /^(KUBE|CNI)-/;
const podPrefix = podSubnet.split(".").slice(0, 2).join(".");

interface SavedTable {
    name: string;
    chains: string[];
    rules: string[];
}

/** The output of iptables-save, table by table. */
export function parseSave(text: string): SavedTable[] {
    const saved: SavedTable[] = [];
    for (const line of text.split("\n")) {
        if (line.startsWith("*")) saved.push({ name: line.slice(1), chains: [], rules: [] });
        else if (line.startsWith(":")) saved.at(-1)?.chains.push(line.slice(1).split(" ")[0]);
        else if (line.startsWith("-A ")) saved.at(-1)?.rules.push(line);
    }
    return saved;
}

/** The chains that look like the lab's, named with their table: "nat KUBE-SERVICES". */
export function chainsIn(saved: SavedTable[]): string[] {
    return saved.flatMap(({ name, chains }) =>
        chains.filter((chain) => chainName.test(chain)).map((chain) => `${name} ${chain}`),
    );
}

/**
 * The input for `iptables-restore --noflush` that removes what the lab's components made and touches nothing else: first the
 * rules elsewhere that jump to their chains or name a pod's address, then the chains. Empty when there is nothing.
 */
export function removal(saved: SavedTable[], keep: string[] = []): string {
    return saved
        .map(({ name, chains, rules }) => {
            const own = chains.filter((chain) => chainName.test(chain) && !keep.includes(`${name} ${chain}`));
            const elsewhere = rules.filter((rule) => {
                const [, chain] = rule.split(" ");
                const target = /(?:^| )-[jg] (\S+)/.exec(rule)?.[1] ?? "";
                return !own.includes(chain) && (own.includes(target) || rule.includes(` ${podPrefix}.`));
            });
            if (own.length === 0 && elsewhere.length === 0) return "";
            const lines = [
                `*${name}`,
                ...elsewhere.map((rule) => rule.replace(/^-A/, "-D")),
                // A chain can go only when no other jumps to it.
                ...own.map((chain) => `-F ${chain}`),
                ...own.map((chain) => `-X ${chain}`),
                "COMMIT",
            ];
            return `${lines.join("\n")}\n`;
        })
        .join("");
}

async function save(program: Table): Promise<SavedTable[]> {
    const { stdout } = await attempt(`${program}-save`, []).catch(() => ({ stdout: "" }));
    return parseSave(stdout);
}

export async function ownChains(program: Table): Promise<string[]> {
    return chainsIn(await save(program));
}

export async function removeRules(keep: Record<string, string[]> = {}): Promise<void> {
    for (const program of tables) {
        const input = removal(await save(program), keep[program]);
        if (input) await attempt(`${program}-restore`, ["--noflush"], { input });
    }
}

/** The lab's chains and rules that are still there. */
export async function remainingRules(keep: Record<string, string[]> = {}): Promise<string[]> {
    const lines = await Promise.all(tables.map(async (program) => removal(await save(program), keep[program])));
    return lines.flatMap((text, index) =>
        text
            .split("\n")
            .filter((line) => /^-[DX]/.test(line))
            .map((line) => `${tables[index]} rule: ${line}`),
    );
}
