import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetworkPolicyObject } from "../../plan/egress/lockdown/networkPolicies";

/** An end of a connection: a pod, or an address outside the cluster. */
export type End = { namespace: string; labels: Record<string, string> } | { address: string };

export interface Connection {
    from: End;
    to: End;
    protocol: "TCP" | "UDP";
    port: number;
}

/** Whether the policies allow each connection, as cyclonus reads them. */
export function evaluate(cyclonus: string, policies: NetworkPolicyObject[], connections: Connection[]): boolean[] {
    const folder = mkdtempSync(join(tmpdir(), "mesh-egress-policies-"));
    try {
        const [policyFile, trafficFile] = ["policies.json", "traffic.json"].map((name) => join(folder, name));
        const list = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicyList", items: policies };
        writeFileSync(policyFile, JSON.stringify(list));
        writeFileSync(trafficFile, JSON.stringify(connections.map(traffic)));
        const mode = ["--mode", "query-traffic", "--policy-path", policyFile, "--traffic-path", trafficFile];
        const { status, stdout, stderr } = spawnSync(cyclonus, ["analyze", ...mode], {
            encoding: "utf8",
            maxBuffer: 2 ** 28,
        });
        const answers = [...stdout.matchAll(/IS ALLOWED\? \| +(TRUE|FALSE)/g)].map(([, answer]) => answer === "TRUE");
        if (status !== 0 || answers.length !== connections.length) {
            throw new Error(`cyclonus ended with ${status} and ${answers.length} answers: ${stderr}`);
        }
        return answers;
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function traffic({ from, to, protocol, port }: Connection) {
    return { Source: peer(from), Destination: peer(to), ResolvedPort: port, ResolvedPortName: "", Protocol: protocol };
}

function peer(end: End) {
    if ("address" in end) {
        return { IP: end.address };
    }
    const { namespace, labels } = end;
    const namespaceLabels = { "kubernetes.io/metadata.name": namespace };
    return { Internal: { PodLabels: labels, NamespaceLabels: namespaceLabels, Namespace: namespace }, IP: "10.1.2.3" };
}
