import { isIP } from "node:net";
import { Violation } from "../../shared/violation";

/** Refuses what is no range of IP addresses in CIDR form. */
export function validateRange(path: string, range: string): Violation[] {
    const [address, length = ""] = range.split("/");
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (range.split("/").length === 2 && /^\d{1,3}$/.test(length) && Number(length) <= bits) {
        return [];
    }
    return [
        {
            path,
            value: range,
            problem: "is no range of IP addresses",
            expected: 'an address with its prefix length, such as "203.0.113.0/24"',
            fix: isIP(range) ? `Write "${range}/${isIP(range) === 4 ? 32 : 128}"` : "Correct it",
        },
    ];
}
