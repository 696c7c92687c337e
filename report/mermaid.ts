import { Action } from "./changes";
import { Diagram, Node, markedLabel } from "./diagram";

/** Widths and dashes, not colours: those of the page, light or dark, stay as they are. */
const STYLES: Record<Action, string> = {
    create: "stroke-width:3px",
    update: "stroke-width:3px,stroke-dasharray:2 2",
    replace: "stroke-width:4px",
    delete: "stroke-width:2px,stroke-dasharray:8 4",
    same: "stroke-width:1px",
};

/** Of a label, in characters. */
const LONGEST = 80;

const ARROWS: Record<Action, string> = { create: "==>", replace: "==>", update: "==>", delete: "-.->", same: "-->" };

/** "- name" would be a list to some versions of Mermaid; with a space that does not break it is none. */
function label(node: Node): string {
    const text = markedLabel(node).replace(/^(\S) /, "$1\u00a0");
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** The diagram for Markdown. */
export function mermaid({ callers, gateways, hosts, edges }: Diagram): string {
    const column = (id: string, title: string, nodes: Diagram["hosts"]) =>
        nodes.length === 0
            ? []
            : [
                  `    subgraph ${id}["${title}"]`,
                  ...nodes.map((node) => `        ${node.id}["${label(node)}"]:::${node.action}`),
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
