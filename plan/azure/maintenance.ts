import { Refusal } from "../shared/violation";
import { refuseWholeNumber } from "../shared/wholeNumber";

export const WEEK_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The two schedules that AKS has for what it upgrades by itself: the names are its own. */
export const MAINTENANCE_SCHEDULES = {
    cluster: "aksManagedAutoUpgradeSchedule",
    nodes: "aksManagedNodeOSUpgradeSchedule",
};

export interface MaintenanceRequest {
    day: string;
    startTime: string;
    durationHours: number;
    utcOffset: string;
}

export function refuseMaintenance({ day, startTime, durationHours, utcOffset }: MaintenanceRequest): Refusal[] {
    return [
        ...(WEEK_DAYS.includes(day)
            ? []
            : [
                  {
                      path: "day",
                      value: day,
                      problem: "is no day of the week",
                      expected: WEEK_DAYS.join(", "),
                      fix: "Correct it",
                  },
              ]),
        ...refuseTime("startTime", startTime, /^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes such as "02:00"'),
        ...refuseTime("utcOffset", utcOffset, /^[+-](0\d|1[0-4]):[0-5]\d$/, 'an offset such as "+01:00"'),
        ...refuseWholeNumber("durationHours", durationHours, "is no length of a window that AKS can upgrade in", {
            least: 4,
            most: 24,
        }),
    ];
}

function refuseTime(path: string, value: string, pattern: RegExp, expected: string): Refusal[] {
    return pattern.test(value) ? [] : [{ path, value, problem: "is no time", expected, fix: "Correct it" }];
}

/** The window as ARM takes it, once a week. */
export function maintenanceWindow({ day, startTime, durationHours, utcOffset }: MaintenanceRequest) {
    return { schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } }, startTime, durationHours, utcOffset };
}
