import { Socket, createServer } from "node:net";
import { nodeAddress } from "../../lab/cluster/addresses";

/** Milliseconds that a byte needs each way. */
const ONE_WAY = 20;

export interface Distance {
    port: number;
    close(): void;
}

/** Simulates a distant server: data and the end of a connection arrive as late as over a long line. */
export async function farAway(target: { address: string; port: number }): Promise<Distance> {
    const open = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (near) => {
        const far = new Socket({ allowHalfOpen: true });
        far.connect(target.port, target.address);
        for (const [from, to] of [
            [near, far],
            [far, near],
        ]) {
            open.add(from);
            from.setNoDelay(true);
            from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), ONE_WAY));
            from.on("end", () => setTimeout(() => to.end(), ONE_WAY));
            from.on("error", () => setTimeout(() => to.resetAndDestroy(), ONE_WAY));
            from.on("close", () => open.delete(from));
        }
    });
    await new Promise<void>((resolve) => server.listen(0, nodeAddress, resolve));
    return {
        port: (server.address() as { port: number }).port,
        close: () => {
            server.close();
            open.forEach((socket) => socket.destroy());
        },
    };
}
