import { readdirSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import type { Listener } from "./addresses";
import { allPids, programOf, readText } from "./procfs";

export interface OpenPort {
    address: string;
    port: number;
    inode: string;
}

const listening = "0A";

/** The listening sockets in the text of /proc/net/tcp or tcp6; an IPv6 address is given only as "::" or "other". */
export function parseSockets(table: string): OpenPort[] {
    return table
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === listening)
        .map(([, local, , , , , , , , inode]) => {
            const [address, port] = local.split(":");
            return { address: readAddress(address), port: parseInt(port, 16), inode };
        });
}

/** The kernel writes IPv4 addresses as hexadecimal in the machine's byte order: the last part first. */
function readAddress(hexadecimal: string): string {
    if (/^0+$/.test(hexadecimal)) return hexadecimal.length === 8 ? "0.0.0.0" : "::";
    // IPv4 in an IPv6 socket.
    const four = /^(?:0{16}FFFF0000)?([0-9A-F]{8})$/.exec(hexadecimal)?.[1];
    if (!four) return "other";
    return [6, 4, 2, 0].map((at) => parseInt(four.slice(at, at + 2), 16)).join(".");
}

const everyAddress = ["0.0.0.0", "::"];

/** The wanted ports that are in use, on the same address or on all addresses. */
export function takenPorts(wanted: Listener[], open: OpenPort[]): (Listener & { inode: string })[] {
    return wanted.flatMap((listener) => {
        const holder = open.find(
            ({ address, port }) => port === listener.port && [listener.address, ...everyAddress].includes(address),
        );
        return holder ? [{ ...listener, inode: holder.inode }] : [];
    });
}

export function openPorts(): OpenPort[] {
    return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => parseSockets(readText(file) ?? ""));
}

/** Who holds a socket, for example "process 812 (etcd)"; undefined when /proc does not let us see. */
export function holderOf(inode: string): { pid: number; program: string } | undefined {
    const pid = allPids().find((candidate) => holds(candidate, inode));
    return pid === undefined ? undefined : { pid, program: programOf(pid) };
}

function holds(pid: number, inode: string): boolean {
    try {
        const folder = `/proc/${pid}/fd`;
        return readdirSync(folder).some((fd) => readlinkSync(`${folder}/${fd}`) === `socket:[${inode}]`);
    } catch {
        return false;
    }
}

export function portAnswers({ address, port }: Listener): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ host: address, port, timeout: 1000 });
        const answer = (yes: boolean) => {
            socket.destroy();
            resolve(yes);
        };
        socket
            .once("connect", () => answer(true))
            .once("error", () => answer(false))
            .once("timeout", () => answer(false));
    });
}
