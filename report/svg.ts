import { Diagram, Node, markedLabel } from "./diagram";

const BOX = { width: 270, height: 32, gap: 12 };
const COLUMN = 350;
const TOP = 32;
/** Of a label, in characters: what fits into a box whatever the font. */
const LONGEST = 34;

/** The diagram for HTML: three columns, drawn with the page's own colours. Labels are safe texts. */
export function svg({ callers, gateways, hosts, edges }: Diagram): string {
    const columns = [callers, gateways, hosts];
    const rows = Math.max(...columns.map(({ length }) => length));
    const height = TOP + rows * (BOX.height + BOX.gap) - BOX.gap + 2;
    const places = new Map(
        columns.flatMap((nodes, column) =>
            nodes.map((node, row): [string, Place] => [
                node.id,
                // A short column stands in the middle.
                { x: column * COLUMN + 1, y: TOP + ((rows - nodes.length) / 2 + row) * (BOX.height + BOX.gap) },
            ]),
        ),
    );
    const lines = edges.flatMap(({ from, to, action }) => {
        const start = places.get(from);
        const end = places.get(to);
        return start && end ? `<path class="${action}" d="${curve(start, end)}"/>` : [];
    });
    const boxes = columns.flat().flatMap((node) => {
        const place = places.get(node.id);
        return place ? box(node, place) : [];
    });
    const titles = ["callers", "gateway", "hosts"].map(
        (title, column) => `<text class="title" x="${column * COLUMN + 1}" y="16">${title}</text>`,
    );
    const width = 2 * COLUMN + BOX.width + 2;
    return [
        `<svg role="img" aria-label="Callers, gateway and hosts" viewBox="0 0 ${width} ${height}" width="${width}">`,
        ...titles,
        ...lines,
        ...boxes,
        "</svg>",
    ].join("\n");
}

interface Place {
    x: number;
    y: number;
}

function curve(start: Place, end: Place): string {
    const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2];
    const [x2, y2] = [end.x, end.y + BOX.height / 2];
    const middle = (x1 + x2) / 2;
    return `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
}

function box(node: Node, { x, y }: Place): string {
    const label = markedLabel(node);
    const shown = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
    return (
        `<g class="${node.action}"><title>${label}</title>` +
        `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="5"/>` +
        `<text x="${x + 10}" y="${y + 21}">${shown}</text></g>`
    );
}
