import { isIP } from "node:net";
import { domainToUnicode } from "node:url";
import { Violation } from "./violation";

/*
 * Names that are not what they look like: an address in disguise, which anybody can point at this machine, its network
 * or its cloud without owning a DNS zone; and a name that a reader takes for another one.
 */

const BYTE = "(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)";
const IPV4 = new RegExp(`(?:^|[.-])(${BYTE}([.-])${BYTE}\\2${BYTE}\\2${BYTE})(?=[.-]|$)`);

/** Domains whose servers answer with the address in the name, with this machine's, or with one that changes. */
const ADDRESS_DOMAINS = [
    "1u.ms",
    "backname.io",
    "fuf.me",
    "lacolhost.com",
    "local.gd",
    "localtest.me",
    "lvh.me",
    "nip.io",
    "rbndr.us",
    "sslip.io",
    "traefik.me",
    "vcap.me",
    "xip.io",
];

/** Letters that look like those of ASCII. */
const LOOKALIKES: Record<string, string> = {
    Cyrillic:
        "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u051d\u0445\u0443\u04af\u0491\u043a\u043f\u0433\u0475\u0461",
    Greek: "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9\u03b7\u03b3",
    Armenian: "\u0570\u0578\u057d\u0581\u0585\u0566",
};
/** The same, in the Latin script, where other letters with marks are plain to see. */
const LATIN = /[\u0131\u0251\u0261\u0269\u0185\u01c0\u0275]/;

const EXPECTED = 'the partner\'s own DNS name, such as "api.partner.example"';

/** Refuses hosts that are an address in disguise or look like another name. A wildcard is judged by its domain. */
export function validateDisguisedHosts(path: string, hosts: string[], accepted: boolean): Violation[] {
    return accepted ? [] : hosts.flatMap((host, index) => validateDisguisedHost(`${path}[${index}]`, host));
}

export function validateDisguisedHost(path: string, host: string): Violation[] {
    const name = host.toLowerCase().replace(/^\*\./, "").replace(/\.+$/, "");
    const problem = addressIn(name) ?? lookalikeIn(name);
    return problem === undefined
        ? []
        : [
              {
                  path,
                  value: host,
                  problem,
                  expected: EXPECTED,
                  fix: "Ask the partner for another name, or set disguisedHosts: true if you have checked this one",
              },
          ];
}

function addressIn(name: string): string | undefined {
    const domain = ADDRESS_DOMAINS.find((one) => name === one || name.endsWith(`.${one}`));
    if (domain !== undefined) {
        return `is below ${domain}, whose servers answer with an address that the name says, which can be this machine's or your network's`;
    }
    const ipv4 = IPV4.exec(name)?.[1];
    const ipv6 = name.split(".").find((label) => isIPv6(label));
    const address = ipv4 ?? ipv6;
    return address === undefined
        ? undefined
        : `has the IP address ${address} in it: such names stand for an address, and not for a partner`;
}

/** Whether a label is an IPv6 address with hyphens in place of colons, of at least 3 groups. */
function isIPv6(label: string): boolean {
    const groups = label.split("-").filter((group) => group !== "");
    return groups.length >= 3 && isIP(label.replaceAll("-", ":")) === 6;
}

function lookalikeIn(name: string): string | undefined {
    for (const label of name.split(".").filter((one) => one.startsWith("xn--"))) {
        const shown = domainToUnicode(label);
        if (shown === "" || shown === label) {
            return `has the part ${label}, which stands for no name`;
        }
        const scripts = Object.keys(LOOKALIKES).filter((script) =>
            new RegExp(`\\p{Script=${script}}`, "u").test(shown),
        );
        const isMixed = scripts.length > 1 || (scripts.length === 1 && /\p{Script=Latin}/u.test(shown));
        const isAlike =
            scripts.length === 1 &&
            [...shown].every((letter) => `${LOOKALIKES[scripts[0]]}0123456789-`.includes(letter));
        if (isMixed || isAlike || LATIN.test(shown)) {
            return `has the part ${label}, which is shown as ${JSON.stringify(shown)}, with ${isMixed ? "letters of more than one script" : "letters that look like others"}`;
        }
    }
    return undefined;
}
