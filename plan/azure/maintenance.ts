import { MAINTENANCE_DEFAULTS, MaintenanceWindow } from "./clusterOptions";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

export const WEEK_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** AKS's two schedules for automatic upgrades, with AKS's names. */
export const MAINTENANCE_SCHEDULES = {
    cluster: "aksManagedAutoUpgradeSchedule",
    nodes: "aksManagedNodeOSUpgradeSchedule",
};

export interface MaintenanceOptions {
    day: string;
    startTime: string;
    durationHours: number;
    utcOffset: string;
}

/** The window with its defaults: Sunday from 02:00 to 06:00 UTC. */
export function resolvedMaintenance(window: MaintenanceWindow = {}): MaintenanceOptions {
    return {
        day: window.day ?? MAINTENANCE_DEFAULTS.day,
        startTime: window.startTime ?? MAINTENANCE_DEFAULTS.startTime,
        durationHours: window.durationHours ?? MAINTENANCE_DEFAULTS.durationHours,
        utcOffset: window.utcOffset ?? MAINTENANCE_DEFAULTS.utcOffset,
    };
}

export function validateMaintenance({ day, startTime, durationHours, utcOffset }: MaintenanceOptions): Violation[] {
    return [
        ...(WEEK_DAYS.includes(day)
            ? []
            : [
                  {
                      path: "day",
                      value: day,
                      problem: "is not a day of the week",
                      expected: WEEK_DAYS.join(", "),
                      fix: "Correct it",
                  },
              ]),
        ...validateTime("startTime", startTime, /^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes such as "02:00"'),
        ...validateTime("utcOffset", utcOffset, /^[+-](0\d|1[0-4]):[0-5]\d$/, 'an offset such as "+01:00"'),
        ...validateWholeNumber("durationHours", durationHours, "is not a window length that AKS accepts", {
            least: 4,
            most: 24,
        }),
    ];
}

function validateTime(path: string, value: string, pattern: RegExp, expected: string): Violation[] {
    return pattern.test(value) ? [] : [{ path, value, problem: "is not a valid time", expected, fix: "Correct it" }];
}

/** The weekly window in ARM's form. */
export function maintenanceWindow({ day, startTime, durationHours, utcOffset }: MaintenanceOptions) {
    return { schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } }, startTime, durationHours, utcOffset };
}
