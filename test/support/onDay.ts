/** Does something as if it were noon of that day. It must not wait for anything: others would take that time, too. */
export function onDay<T>(day: string, work: () => T): T {
    const { Date: ofMachine } = globalThis;
    const noon = ofMachine.parse(`${day}T12:00:00Z`);
    globalThis.Date = class extends ofMachine {
        constructor(...given: [] | [value: number | string | Date]) {
            super(...((given.length > 0 ? given : [noon]) as [number]));
        }

        static override now(): number {
            return noon;
        }
    } as DateConstructor;
    try {
        return work();
    } finally {
        globalThis.Date = ofMachine;
    }
}
