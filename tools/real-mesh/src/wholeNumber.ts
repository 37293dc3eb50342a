/**
 * The number that somebody wrote after a flag.
 * @throws Error where it is none, or below `least`.
 */
export function wholeNumber(flag: string, text: string, least: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < least) {
    throw new Error(
      `${flag} is "${text}": it must be a whole number of at least ${least}`,
    );
  }
  return number;
}
