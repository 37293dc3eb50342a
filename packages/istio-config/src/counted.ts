// Kept: to make one takes longer than to use it a hundred times.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** "1 pod", "1,000 pods": a number and what there are so many of. */
export function counted(count: unknown, noun: string): string {
  const number = Number(count);
  return `${WHOLE.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}
