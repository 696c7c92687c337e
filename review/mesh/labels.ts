import { addTo } from "../groupBy";
import { Viewed } from "../rawObject";
import { remembered } from "../remembered";

/** Whether `part` selects what has the labels `whole`. */
export function selects(part: Record<string, string>, whole: Record<string, string>): boolean {
    return Object.entries(part).every(([key, value]) => whole[key] === value);
}

export interface Labelled extends Viewed {
    labels: Record<string, string>;
}

/** Finds where a selector selects something, each selector once. */
export class LabelIndex {
    private readonly byLabel = new Map<string, Labelled[]>();
    private readonly answered = new Map<string, string[]>();

    constructor(items: Labelled[]) {
        for (const item of items) {
            for (const label of Object.entries(item.labels)) {
                addTo(this.byLabel, JSON.stringify(label), item);
            }
        }
    }

    /** An empty selector is not asked for: it would select everything. */
    namespacesWith(selector: Record<string, string>): string[] {
        const labels = Object.entries(selector);
        if (labels.length === 0 || this.byLabel.size === 0) {
            return [];
        }
        return remembered(this.answered, JSON.stringify(labels), () => {
            const found = (this.byLabel.get(JSON.stringify(labels[0])) ?? []).filter((item) =>
                selects(selector, item.labels),
            );
            return [...new Set(found.map(({ ref }) => ref.namespace))];
        });
    }
}
