/** "1 pod", "1,000 pods": a number and what there are so many of. */
export function counted(count: unknown, noun: string): string {
  const number = Number(count);
  const words = number.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return `${words} ${noun}${number === 1 ? '' : 's'}`;
}
