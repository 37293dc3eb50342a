import de from './de';
import { canaryMessages } from './english/canary';
import { frameMessages } from './english/frame';
import { tracesMessages } from './english/traces';

const english = Object.fromEntries(
  Object.entries({
    ...frameMessages,
    ...tracesMessages,
    ...canaryMessages,
  }).flatMap(([part, messages]) =>
    Object.entries(messages).map(([key, text]) => [`${part}.${key}`, text]),
  ),
);

const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('German', () => {
  it('says everything that English says', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(english).sort());
  });

  it.each(Object.entries(de))(
    'has room in %s for the same things',
    (key, text) => {
      expect(holes(text)).toEqual(holes(english[key]));
    },
  );
});
