/** A value at a time, in seconds. */
export interface Sample {
    at: number;
    value: number;
}

/** By how much the value grows in a minute: the straight line that lies nearest to all samples. */
export function slopePerMinute(samples: Sample[]): number {
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [at, value] = [mean(samples.map((one) => one.at)), mean(samples.map((one) => one.value))];
    const spread = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
    const together = samples.reduce((sum, one) => sum + (one.at - at) * (one.value - value), 0);
    return spread === 0 ? 0 : (60 * together) / spread;
}
