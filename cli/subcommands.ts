/* eslint-disable @typescript-eslint/no-require-imports -- loaded when called, and an import() would be asynchronous */
import { ListedSubcommand } from "./subcommand";

/** The subcommands, in the order in which help shows them. */
export const SUBCOMMANDS: ListedSubcommand[] = [
    {
        command: "review [files..]",
        describe:
            "Find what is insecure or cannot work in Istio objects: YAML files, folders, - for standard input, or --cluster",
        load: () => (require("./review") as typeof import("./review")).reviewCommand,
    },
    {
        command: "rules [rule]",
        describe: "List the rules of the review, or print the page of one with its reason, a bad and a good example",
        load: () => (require("./rules") as typeof import("./rules")).rulesCommand,
    },
    {
        command: "explain <host>",
        describe: "Follow a call step by step in the live cluster, and say how to fix the first wrong step",
        load: () => (require("./explain") as typeof import("./explain")).explainCommand,
    },
    {
        command: "adopt [files..]",
        describe: "Write a program with the same hosts, callers, certificates and modes as hand-written Istio objects",
        load: () => (require("./adopt") as typeof import("./adopt")).adoptCommand,
    },
    {
        command: "report",
        describe: "Show what the next update of a stack would change for hosts, callers and certificates",
        load: () => (require("./report") as typeof import("./report")).reportCommand,
    },
    {
        command: "certificates",
        describe: "List the certificates of a stack as of its last update, and their expiry",
        load: () => (require("./certificates") as typeof import("./certificates")).certificatesCommand,
    },
    {
        command: "recover",
        describe:
            "Prepare a stack for the next update after one was killed; without --yes it only says what it would do",
        load: () => (require("./recover") as typeof import("./recover")).recoverCommand,
    },
    {
        command: "azure <action> <file>",
        describe: "Check that Azure has what a stack needs before its first update; changes nothing",
        load: () => (require("./azure") as typeof import("./azure")).azureCommand,
    },
];
