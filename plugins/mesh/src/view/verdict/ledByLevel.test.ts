import { ledByLevel } from './ledByLevel';

const level = { inEnglish: 'All right', words: 'In Ordnung' };

it('puts the level before a sentence that does not name it', () => {
  expect(ledByLevel('2 rules apply.', level)).toEqual({
    level: 'In Ordnung',
    sentence: '2 rules apply.',
  });
});

it('says a level once, in the reader’s words', () => {
  expect(ledByLevel('All right: 2 rules apply.', level)).toEqual({
    sentence: 'In Ordnung: 2 rules apply.',
  });
});
