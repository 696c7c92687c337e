import { AnyObject } from "../../lab/proof/cluster";
import { CALLERS, applyAll, removeAll } from "../cluster/benchMesh";
import { load, startFortio } from "../cluster/fortio";
import { PARTNER, numberedHost } from "../cluster/partner";
import { egressRoute } from "../cluster/route";
import { Figure } from "../part";
import { MeshSetup, routes } from "./setup";

/** Seconds until a new host answers and until a rotated certificate is shown, and whether others lose calls. */
export async function changesLive(setup: MeshSetup, size: number, tell: (line: string) => void): Promise<Figure[]> {
    const { cluster, mesh, partner } = setup;
    await applyAll(cluster, routes(0, 1, "callers"));
    await answers(setup, numberedHost(0), "[0-9A-F]");
    const fortio = await startFortio(cluster, CALLERS, "fortio", mesh.curlImage);
    const newHosts: number[] = [];
    const rotations: number[] = [];
    let calls = 0;
    let failed = 0;
    for (let round = 0; round < 3; round++) {
        const others = load(cluster, fortio, `http://${numberedHost(0)}/`, {
            ...{ rate: 50, connections: 4, seconds: 10, keepAlive: true },
        });
        const added = egressRoute({ hosts: [numberedHost(1000)], port: PARTNER.fresh.port });
        let start = performance.now();
        for (const object of added) {
            await cluster.apply(object as unknown as AnyObject);
        }
        const serial = await answers(setup, numberedHost(1000), "[0-9A-F]");
        newHosts.push((performance.now() - start) / 1000);
        start = performance.now();
        await partner.rotate();
        await answers(setup, numberedHost(0), `[0-9A-F]`, serial);
        rotations.push((performance.now() - start) / 1000);
        const result = await others;
        calls += result.calls;
        failed += result.failed;
        await removeAll(cluster, added);
    }
    tell(
        `new host live ${newHosts.join(", ")} s, rotated ${rotations.join(", ")} s, others: ${failed} of ${calls} failed`,
    );
    const note = `median of 3, others: ${[newHosts, rotations].map((all) => all.map((one) => one.toFixed(1)).join(", ")).join("; ")}`;
    return [
        {
            id: "new-host-live",
            what: `host ${size + 1}: from its first object to its first 200`,
            unit: "s",
            ours: median(newHosts),
            better: "less",
            goal: { at: "most", value: 5 },
            note,
        },
        {
            id: "rotated-certificate-live",
            what: "from the secret's change to a call with the new certificate",
            unit: "s",
            ours: median(rotations),
            better: "less",
            goal: { at: "most", value: 5 },
            note: "on new connections; those that are there end after maxConnectionSeconds",
        },
        {
            id: "others-failed",
            what: `calls of another host that failed meanwhile, of ${calls}`,
            unit: "count",
            ours: failed,
            better: "less",
            goal: { at: "most", value: 0 },
        },
    ];
}

/** Calls the host until it answers with 200 and another text than `not`, and gives that. */
async function answers({ cluster, caller }: MeshSetup, host: string, like: string, not = ""): Promise<string> {
    const script = `for i in $(seq 600); do got=$(curl -s -f --max-time 2 http://${host}/) && [ "$got" != "${not}" ] && echo "$got" | grep "^${like}" && exit 0; sleep 0.05; done; exit 1`;
    const { stdout, code } = await cluster.exec(caller, ["sh", "-c", script]);
    if (code !== 0) {
        throw new Error(`${host} did not answer as it should within 30 s`);
    }
    return stdout.trim();
}

function median(values: number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
