import { Figure } from "../part";
import { DataPathSetup, Server, own, through } from "./setup";
import { ROUNDS, inTurns } from "./turns";

const OWN = "the application's own mTLS";
const OWN_IN_MESH = "its own mTLS, in a pod of the mesh";

/** Calls through the gateway, compared with those of an application that speaks mutual TLS itself. */
export async function besideOwn(setup: DataPathSetup, tell: (line: string) => void): Promise<Figure[]> {
    const figures: Figure[] = [];
    const servers: [Server, string][] = [
        ["logging", "a server that logs as MtlsServer does"],
        ["ecdsa", "a server that does nothing else"],
    ];
    for (const [server, what] of servers) {
        for (const kind of ["keepAlive", "fresh"] as const) {
            tell(`full load, ${kind}, ${what}`);
            const got = await inTurns(
                {
                    ours: through(setup, server, kind),
                    own: own(setup, setup.outside, server, kind),
                    inMesh: own(setup, setup.inside, server, kind),
                },
                "rate",
                tell,
            );
            figures.push({
                id: `${server}.${kind}`,
                what: `full load ${kind === "keepAlive" ? "with" : "without"} keep-alive, ${what}`,
                unit: "req/s",
                ours: got.ours.rate,
                alternatives: { [OWN]: got.own.rate, [OWN_IN_MESH]: got.inMesh.rate },
                better: "more",
                ...(server === "logging" && {
                    goal: { at: "least" as const, value: kind === "keepAlive" ? 0.6 : 3, over: OWN },
                }),
                note: `${ROUNDS} rounds: ${got.ours.spread}; own ${got.own.spread}; p90 ${got.ours.p90.toFixed(1)} ms against ${got.own.p90.toFixed(1)} ms`,
            });
        }
    }
    for (const kind of ["at200", "at200fresh"] as const) {
        tell(`200 calls a second, ${kind}`);
        const got = await inTurns(
            { ours: through(setup, "logging", kind), own: own(setup, setup.outside, "logging", kind) },
            "p90",
            tell,
        );
        const rest = `200/s ${kind === "at200" ? "with" : "without"} keep-alive`;
        for (const percentile of ["p50", "p90", "p99"] as const) {
            figures.push({
                ...{ id: `${kind}.${percentile}`, what: `${percentile}, ${rest}`, unit: "ms", better: "less" },
                ours: got.ours[percentile],
                alternatives: { [OWN]: got.own[percentile] },
            });
        }
        figures.push({
            ...{ id: `${kind}.added-p90`, what: `p90 that the gateway adds, ${rest}`, unit: "ms", better: "less" },
            ours: got.ours.p90 - got.own.p90,
            goal: { at: "most", value: 3 },
            note: `${ROUNDS} rounds: ${got.ours.spread} against ${got.own.spread}; ${got.ours.failed} of ${got.ours.calls} failed`,
        });
    }
    return figures;
}
