/** For a box with its own scroll bars: without a tab stop the keyboard could not scroll it. */
export const SCROLLABLE = { role: 'region', tabIndex: 0 } as const;
