const LONGEST_TEXT = 300;

/** A text that says something, cut where it is endless; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, LONGEST_TEXT)
    : undefined;
}

/** A number, also one that was written as a text; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number)
    ? number
    : undefined;
}

/** A whole number of 0 to 100; undefined for anything else. */
export function percentageOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number >= 0 && number <= 100
    ? Math.round(number)
    : undefined;
}

/** An ISO time; undefined for what is no time. */
export function timeOf(value: unknown): string | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
