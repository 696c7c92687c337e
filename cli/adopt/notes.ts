import { describeRef } from "../../review/rawObject";
import { Adoption } from "./adoption";
import { SwitchStep, switchOrder } from "./switchOrder";

/** What the program has, what it has not, and the order of the switch, as lines for a person. */
export function adoptionNotes(adoption: Adoption): string[] {
    const { routes, notCarried } = adoption;
    const hosts = routes.reduce((sum, route) => sum + route.hosts.length, 0);
    return [
        `Adopted ${count(hosts, "host")} in ${count(routes.length, "route")}${routes.length === 0 ? "." : ":"}`,
        ...routes.map(
            ({ hosts: own, mode, allowFrom }) =>
                `  ${own.join(", ")} (${mode}), for ${allowFrom.map(({ namespace, serviceAccounts }) => (serviceAccounts ? serviceAccounts.map((account) => `${namespace}/${account}`).join(", ") : `namespace ${namespace}`)).join(", ")}`,
        ),
        "",
        notCarried.length === 0
            ? routes.length === 0
                ? "None of the objects configures egress traffic."
                : "Everything is carried over."
            : "Not carried over, or changed:",
        ...notCarried.map(
            ({ object, path, reason }) => `  ${describeRef(object)}${path ? ` ${path}` : ""}: ${reason}.`,
        ),
        ...(routes.length === 0
            ? []
            : ["", "Switch in this order to lose no calls:", ...switchOrder(adoption).flatMap(stepLines)]),
    ];
}

function stepLines({ title, why, commands }: SwitchStep, index: number): string[] {
    return [`  ${index + 1}. ${title}. ${why}`, ...commands.map((command) => `       ${command}`)];
}

function count(number: number, one: string): string {
    return `${number} ${one}${number === 1 ? "" : "s"}`;
}
