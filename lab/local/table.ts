/** One line of the table of proof. */
export interface Row {
    claim: string;
    expected: string;
    seen: string;
    ok: boolean;
}

/** The rows as a table for the terminal; what was seen instead is below a row that failed. */
export function proofTable(rows: Row[]): string {
    const width = Math.max(...rows.map(({ claim }) => claim.length));
    return rows
        .map(({ claim, expected, seen, ok }) =>
            ok
                ? `✔ ${claim.padEnd(width)}  ${seen}`
                : `✖ ${claim.padEnd(width)}  expected ${expected}\n  ${" ".repeat(width)}  seen: ${seen}`,
        )
        .join("\n");
}
