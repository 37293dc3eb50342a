import de from './de';
import { englishMessages } from './english';

/** English as Backstage flattens it; a plural is several messages. */
const english: Record<string, string> = Object.fromEntries(
  Object.entries(englishMessages).flatMap(([part, messages]) =>
    Object.entries(messages).map(([key, text]) => [`${part}.${key}`, text]),
  ),
);

/** `{{count, number}}` and what else a text has room for. */
const holes = (text: string) => (text.match(/\{\{.*?\}\}/g) ?? []).sort();

describe('German', () => {
  it('says everything that English says, and nothing else', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(english).sort());
  });

  it.each(Object.entries(de))(
    'has room in %s for the same things',
    (key, text) => {
      expect(holes(text)).toEqual(holes(english[key]));
    },
  );
});

it('has both numbers of every plural', () => {
  const withoutPartner = Object.keys(english).filter(key => {
    const partner = key.endsWith('_one')
      ? key.replace(/_one$/, '_other')
      : key.replace(/_other$/, '_one');
    return !(partner in english);
  });
  expect(withoutPartner).toEqual([]);
});
