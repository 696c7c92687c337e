/**
 * Ends this process when the engine ends, however it ends: a signal, a closed standard input (the engine holds its
 * other end for as long as it lives), or a parent that changed because the engine was killed.
 */
export function dieWithEngine(startedByEngine: boolean): void {
    const leave = () => process.exit(0);
    // Each piece of work adds a listener, and a stack has more of them than Node's default limit.
    process.setMaxListeners(0);
    process.once("SIGINT", leave);
    process.once("SIGTERM", leave);
    if (!startedByEngine) {
        return;
    }
    process.stdin.once("end", leave);
    process.stdin.once("error", leave);
    process.stdin.resume();
    const engine = process.ppid;
    setInterval(() => {
        if (process.ppid !== engine) {
            leave();
        }
    }, 1000).unref();
}
