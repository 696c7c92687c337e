/** Remembers variables of this process's environment. Returns a function that puts them back, or removes those that were not set. */
export function rememberEnvironment(...names: string[]): () => void {
    const before = names.map((name) => [name, process.env[name]] as const);
    return () => {
        for (const [name, value] of before) {
            if (value === undefined) {
                delete process.env[name];
            } else {
                process.env[name] = value;
            }
        }
    };
}
