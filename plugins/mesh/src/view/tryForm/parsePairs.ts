/** Reads `name=value, other=value`; values may hold `=`, names may not be empty. */
export function parsePairs(text: string): {
  values?: Record<string, string>;
  /** The first part that is not of this form. */
  wrong?: string;
} {
  const parts = text
    .split(/[,\n]/)
    .map(part => part.trim())
    .filter(Boolean);
  if (parts.length === 0) {
    return {};
  }
  const wrong = parts.find(part => part.indexOf('=') < 1);
  if (wrong !== undefined) {
    return { wrong };
  }
  return {
    values: Object.fromEntries(
      parts.map(part => {
        const cut = part.indexOf('=');
        return [part.slice(0, cut).trim(), part.slice(cut + 1).trim()];
      }),
    ),
  };
}
