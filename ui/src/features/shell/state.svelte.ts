// What the frame around the pages shows of the whole.

/** Numbers beside the pages, by the page's id; a page's slice sets its own. `word` says to whoever listens what is
 * counted. */
export const counts: Record<string, { text: string; bad?: boolean; word?: string } | undefined> = $state({});
