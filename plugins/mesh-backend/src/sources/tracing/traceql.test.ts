import fc from 'fast-check';
import { checkedTags } from './searchTags';
import { failed, fieldIs, lastsAtLeast, spansWhere, tagIs } from './traceql';

/** What stands outside of quotes, by the rules of Go's strings: a backslash takes the next character with it. */
function outsideOfQuotes(query: string): { text: string; isClosed: boolean } {
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < query.length; at++) {
    if (isQuoted && query[at] === '\\') {
      at++;
    } else if (query[at] === '"') {
      isQuoted = !isQuoted;
      text += '"';
    } else if (!isQuoted) {
      text += query[at];
    }
  }
  return { text, isClosed: !isQuoted };
}

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '}', '{', '`', "'", '\n', '|', '&', 'n'),
    maxLength: 30,
  }),
);

describe('traceql', () => {
  it('lets nothing that a person typed leave its quotes', () => {
    fc.assert(
      fc.property(anything, anything, (value, name) => {
        fc.pre(!/^(-?\d+(\.\d+)?|true|false)$/.test(value));
        fc.pre(!['error', 'span.kind'].includes(name));
        // eslint-disable-next-line no-control-regex
        fc.pre(!/^$|[\u0000-\u001f]/.test(name));
        const query = spansWhere(fieldIs('name', value), tagIs(name, value));
        const { text, isClosed } = outsideOfQuotes(query);
        expect(isClosed).toBe(true);
        expect(text.replace(/\."" =|\.[\w.-]+ =/, '.tag =')).toBe(
          '{ name = "" && .tag = "" }',
        );
        // eslint-disable-next-line no-control-regex
        expect(query).not.toMatch(/[\u0000-\u001f]/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [tagIs('http.method', 'GET'), '.http.method = "GET"'],
    [tagIs('x-tenant-id', 'a "b"'), '.x-tenant-id = "a \\"b\\""'],
    [
      tagIs('guid:x-request-id', 'a'),
      '."guid:x-request-id" = "a"', // A colon would make it a field of a scope.
    ],
    [
      tagIs('http.status_code', '503'),
      '(.http.status_code = "503" || .http.status_code = 503)',
    ],
    [tagIs('cached', 'true'), '(.cached = "true" || .cached = true)'],
    [tagIs('error', 'true'), 'status = error'],
    [tagIs('span.kind', 'server'), 'kind = server'],
    [tagIs('span.kind', 'x || true'), '.span.kind = "x || true"'],
    [lastsAtLeast(12.6), 'duration >= 13ms'],
    [failed(), 'status = error'],
    [fieldIs('name', 'a\nb'), 'name = "a\\u000ab"'],
  ])('writes %s', (condition, expected) => {
    expect(condition).toBe(expected);
  });

  it.each([
    [{ '': 'x' }, 'has no name'],
    [{ 'a\nb': 'x' }, 'line ends'],
    [
      Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, 'x'])),
      'at most 10 tags',
    ],
  ])('refuses the tags %j', (tags, expected) => {
    expect(() => checkedTags(tags)).toThrow(expected);
  });
});
