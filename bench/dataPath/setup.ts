import { PodRef, waitFor } from "../../lab/proof/cluster";
import { BenchMesh, CALLERS, applyAll } from "../cluster/benchMesh";
import { LoadOptions, load, startFortio } from "../cluster/fortio";
import { ADDRESS, CLIENTS, OUTSIDE, PARTNER, startPartner } from "../cluster/partner";
import { egressRoute } from "../cluster/route";
import { Side } from "./turns";

/** Calls that are open at once. */
const CONNECTIONS = 8;
/** Of each load. */
const SECONDS = 3;

/** Who calls whom. */
export interface DataPathSetup {
    mesh: BenchMesh;
    /** In the mesh, and outside of it. */
    inside: PodRef;
    outside: PodRef;
}

export type Server = "ecdsa" | "rsa" | "logging";

export type Kind = "keepAlive" | "fresh" | "at200" | "at200fresh" | "at1000";

const KINDS: Record<Kind, Pick<LoadOptions, "rate" | "keepAlive">> = {
    keepAlive: { rate: 0, keepAlive: true },
    fresh: { rate: 0, keepAlive: false },
    at200: { rate: 200, keepAlive: true },
    at200fresh: { rate: 200, keepAlive: false },
    at1000: { rate: 1000, keepAlive: true },
};

export async function openDataPathSetup(mesh: BenchMesh): Promise<DataPathSetup> {
    const { cluster } = mesh;
    await startPartner(cluster, mesh.nginxImage);
    for (const [name, { host, port }] of Object.entries(PARTNER)) {
        const credential = name === "rsa" ? CLIENTS.rsa : CLIENTS.ecdsa;
        await applyAll(cluster, egressRoute({ hosts: [host], port, credential }));
    }
    const inside = await startFortio(cluster, CALLERS, "fortio", mesh.curlImage);
    const setup = { mesh, inside, outside: await startFortio(cluster, OUTSIDE, "fortio", mesh.curlImage) };
    for (const { host } of Object.values(PARTNER)) {
        await answered(setup, host);
    }
    return setup;
}

/** Waits until a host answers every call. */
export async function answered({ mesh: { cluster }, inside }: DataPathSetup, host: string): Promise<void> {
    const options = { rate: 20, connections: 1, seconds: 1, keepAlive: true };
    await waitFor(`${host} to answer`, 30, async () => {
        return (await load(cluster, inside, `http://${host}/`, options)).failed === 0;
    });
}

/** Calls through the gateway. */
export function through({ mesh, inside }: DataPathSetup, server: Server, kind: Kind): Side {
    const options = { ...KINDS[kind], connections: CONNECTIONS, seconds: SECONDS };
    return () => load(mesh.cluster, inside, `http://${PARTNER[server].host}/`, options);
}

/** Calls of an application that speaks mutual TLS itself. */
export function own({ mesh }: DataPathSetup, from: PodRef, server: Server, kind: Kind): Side {
    const { host, port } = PARTNER[server];
    const certificates = server === "rsa" ? "/client-rsa" : "/client";
    const options = { ...KINDS[kind], connections: CONNECTIONS, seconds: SECONDS, certificates, resolve: ADDRESS };
    return () => load(mesh.cluster, from, `https://${host}:${port}/`, options);
}
