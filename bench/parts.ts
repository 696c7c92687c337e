import { chosenByName } from "./chosen";
import { dataPath } from "./dataPath";
import { engine, engineAtMany } from "./engine";
import { install } from "./install";
import { lab } from "./lab";
import { mesh } from "./mesh";
import { metrics } from "./metrics";
import type { Part } from "./part";
import { review } from "./review";
import { size } from "./size";
import { start } from "./start";
import { wildcardsInEngine } from "./wildcards/inEngine";
import { wildcards } from "./wildcards/inMesh";

/** In the order in which they run. */
export const PARTS: Part[] = [
    start,
    size,
    review,
    engine,
    install,
    mesh,
    metrics,
    dataPath,
    engineAtMany,
    wildcards,
    wildcardsInEngine,
    lab,
];

/** The parts of these names, all of them where there are none. */
export function chosen(names: string[], parts: Part[] = PARTS): Part[] {
    return chosenByName("part", names, parts);
}
