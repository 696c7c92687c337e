/**
 * The published package carries the pages of the rules; this address shows them as they are in its newest version.
 * `mesh-egress rules ID` prints them without a network.
 */
const PAGES = "https://unpkg.com/mesh-egress/docs/rules/";

/** The address of a rule's documentation page. */
export function ruleUrl(id: string): string {
    return `${PAGES}${id}.md`;
}
