/** The beginning of a text that ends with a whole word and fits a cell of the table, with a mark where something is left out. */
export function beginning(text: string, characters: number): string {
    const whole = text.trim();
    if (whole.length <= characters) {
        return whole;
    }
    const cut = whole.slice(0, characters);
    return `${/^(.+)\s/s.exec(cut)?.[1].trimEnd() ?? cut}…`;
}
