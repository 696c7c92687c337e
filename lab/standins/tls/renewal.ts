import type { Properties } from "../shared/values";

/** Whether a certificate is past its end, or within the hours before it in which the program wants a new one. */
export function readyForRenewal(outputs: Properties, earlyRenewalHours: unknown, now = Date.now()): boolean {
    const end = outputs["validityEndTime"];
    if (typeof end !== "string") {
        return false;
    }
    const early = typeof earlyRenewalHours === "number" ? earlyRenewalHours : 0;
    return now >= Date.parse(end) - early * 3_600_000;
}
