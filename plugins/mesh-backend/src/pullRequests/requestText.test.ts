import { branchOf, plainText, requestText } from './requestText';

it('makes nothing of what a person writes but plain text', () => {
  const nasty = [
    'Closes #12, fixes team/shop#3, GH-4 and !5',
    '@everyone /approve [skip ci] <img src=x onerror=alert(1)>',
    '![x](https://evil.example.com/x.png) www.evil.example.com',
    '```',
    '',
    'Co-authored-by: Eve <eve@example.com>',
    '/merge',
    '# Title \u202e\u0007',
  ].join('\n');
  const { title, body, message } = requestText({
    change: 'c-1',
    who: `user:default/jane\n${nasty}`,
    what: nasty,
    why: nasty,
    link: 'https://portal.example.com/x',
  });
  for (const text of [title, body, message]) {
    expect(text).not.toMatch(/#\d|!\d|@\w|GH-\d|\[skip|<img|\u202e/);
    expect(text.replace('<https://portal.example.com/x>', '')).not.toContain(
      '://',
    );
    expect(text).not.toMatch(/^\s*(\/\w|Co-authored-by)/m);
  }
  expect(title).not.toContain('\n');
  expect(title.length).toBeLessThanOrEqual(100);
  expect(body.match(/^```/gm)).toHaveLength(2);
  expect(message.split('\n').slice(-2)).toEqual(['', 'Meshdeck-Change: c-1']);
});

it('says who asked, why and what', () => {
  expect(
    requestText({
      change: '7',
      who: 'user:default/jane',
      what: 'Route of reviews: timeout 5 s.',
      why: 'slow at night',
      link: 'https://portal.example.com/> <b>',
    }),
  ).toEqual({
    title: 'Route of reviews: timeout 5 s.',
    body: [
      'Made by Meshdeck. After the merge, the tool that delivers this repository brings it to the cluster.',
      '',
      '```text',
      'Asked by: user:default/jane',
      'Why: slow at night',
      'What: Route of reviews: timeout 5 s.',
      '```',
    ].join('\n'),
    message: [
      'Route of reviews: timeout 5 s.',
      '',
      'Asked by: user:default/jane',
      'Why: slow at night',
      'What: Route of reviews: timeout 5 s.',
      '',
      'Meshdeck-Change: 7',
    ].join('\n'),
  });
});

it('keeps a text short', () => {
  expect(plainText('x '.repeat(5000))).toHaveLength(1000);
});

it.each(['', '../main', 'a/b', 'a b', '-x', 'x'.repeat(101)])(
  'makes no branch of the id %j',
  id => {
    expect(() => branchOf(id)).toThrow('an id of letters');
  },
);
