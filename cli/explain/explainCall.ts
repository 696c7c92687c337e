import { allowedStep, certificateStep, readyStep, routeStep } from "./gatewaySteps";
import { networkStep } from "./networkStep";
import { partnerStep } from "./partnerStep";
import { Snapshot, Step } from "./snapshot";
import { callerStep, knownStep, wayStep } from "./steps";

/** What is looked at, in the order in which a call meets it. */
const STEPS = [
    callerStep,
    knownStep,
    wayStep,
    networkStep,
    readyStep,
    routeStep,
    allowedStep,
    certificateStep,
    partnerStep,
];

export interface Explanation {
    /** The steps up to the first wrong one. */
    steps: Step[];
    /** The first wrong step; absent where nothing is wrong. */
    wrong?: Step;
}

/** Follows a call step by step, up to the first step that is wrong. */
export function explainCall(snapshot: Snapshot): Explanation {
    const steps: Step[] = [];
    for (const ask of STEPS) {
        const step = ask(snapshot);
        steps.push(step);
        if (step.result === "wrong") {
            return { steps, wrong: step };
        }
    }
    return { steps };
}
