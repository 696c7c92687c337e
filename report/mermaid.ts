import { Action } from "./changes";
import { Diagram, markedLabel } from "./diagram";

/** Widths and dashes, not colours: those of the page, light or dark, stay as they are. */
const STYLES: Record<Action, string> = {
    create: "stroke-width:3px",
    update: "stroke-width:3px,stroke-dasharray:2 2",
    replace: "stroke-width:4px",
    delete: "stroke-width:2px,stroke-dasharray:8 4",
    same: "stroke-width:1px",
};

const ARROWS: Record<Action, string> = { create: "==>", replace: "==>", update: "==>", delete: "-.->", same: "-->" };

/** The diagram for Markdown. */
export function mermaid({ callers, gateways, hosts, edges }: Diagram): string {
    const column = (id: string, title: string, nodes: Diagram["hosts"]) =>
        nodes.length === 0
            ? []
            : [
                  `    subgraph ${id}["${title}"]`,
                  ...nodes.map((node) => `        ${node.id}["${markedLabel(node)}"]:::${node.action}`),
                  "    end",
              ];
    return [
        "flowchart LR",
        ...column("callers", "callers", callers),
        ...column("gateways", "gateway", gateways),
        ...column("hosts", "hosts", hosts),
        ...edges.map(({ from, to, action }) => `    ${from} ${ARROWS[action]} ${to}`),
        ...Object.entries(STYLES).map(([action, style]) => `    classDef ${action} ${style}`),
    ].join("\n");
}
