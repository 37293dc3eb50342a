/**
 * Sentences of the backend are English and may begin with their level. Then the reader's word for it takes that place;
 * otherwise it goes before the sentence.
 */
export function ledByLevel(
  sentence: string,
  level: { inEnglish: string; words: string },
): { level?: string; sentence: string } {
  const { inEnglish, words } = level;
  return sentence.startsWith(inEnglish)
    ? { sentence: `${words}${sentence.slice(inEnglish.length)}` }
    : { level: words, sentence };
}
