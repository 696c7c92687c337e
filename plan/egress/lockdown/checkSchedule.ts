import { Violation } from "../../shared/violation";

const FIELD = /^[0-9A-Za-z*/,-]+$/;
const NAMED = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

/** Refuses text that cannot be a schedule of a CronJob. The API server checks the numbers. */
export function validateSchedule(path: string, schedule: string | undefined): Violation[] {
    if (schedule === undefined || NAMED.test(schedule)) {
        return [];
    }
    const fields = schedule.split(" ");
    return fields.length === 5 && fields.every((field) => FIELD.test(field))
        ? []
        : [
              {
                  path,
                  value: schedule,
                  problem: "is not a schedule, so the API server would refuse the CronJob after everything else exists",
                  expected: 'the five fields of cron, such as "17 * * * *", or "@hourly"',
                  fix: "Write minute, hour, day of the month, month and day of the week, with one space between them",
              },
          ];
}
