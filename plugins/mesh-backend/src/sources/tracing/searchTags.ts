import { InputError } from '@backstage/errors';

const MOST_TAGS = 10;

/** The tags of a search as a person typed them. @throws InputError for too many, and for names that no tag can have. */
export function checkedTags(
  tags: Record<string, string> = {},
): [name: string, value: string][] {
  const pairs = Object.entries(tags);
  if (pairs.length > MOST_TAGS) {
    throw new InputError(
      `A search takes at most ${MOST_TAGS} tags, these are ${pairs.length}: leave some out.`,
    );
  }
  for (const [name] of pairs) {
    // eslint-disable-next-line no-control-regex
    if (!name || /[\u0000-\u001f\u007f]/.test(name)) {
      throw new InputError(
        'A tag of the search has no name, or one with line ends: write it as name=value.',
      );
    }
  }
  return pairs;
}
