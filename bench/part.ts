/** One number that a part has measured, with the same number of the alternatives. */
export interface Figure {
    /** Stable within the part, such as "1000-hosts.up". */
    id: string;
    what: string;
    unit: "s" | "ms" | "MB" | "KB" | "count" | "per host" | "req/s" | "ratio";
    ours: number;
    /** Measured in the same run, such as that of "guides' layout", "bare resources" or "kubectl apply". */
    alternatives?: Record<string, number>;
    better: "less" | "more";
    goal?: Goal;
    /** Where it was measured several times in the run: how far from ours the farthest was, as a part of ours. */
    spread?: number;
    note?: string;
}

export interface Goal {
    at: "most" | "least";
    value: number;
    /** Where it is set, the goal is about ours divided by this alternative. */
    over?: string;
}

/** A measurement of its own. Its load is bounded, and it takes down what it created, however it ends. */
export interface Part {
    name: string;
    what: string;
    /** Throws if something failed. Reports its progress. */
    run(tell: (line: string) => void): Promise<Figure[]>;
}
