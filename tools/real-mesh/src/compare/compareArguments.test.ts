import { compareArguments } from './compareArguments';
import { THEME_NAMES } from './generate/trials';

describe('the arguments of a comparison', () => {
  it('asks for every kind of configuration where none is named', () => {
    expect(compareArguments([])).toMatchObject({
      count: 500,
      seed: undefined,
      themes: THEME_NAMES,
    });
  });

  it('asks for the one that is named', () => {
    expect(compareArguments(['--theme', 'tokens']).themes).toEqual(['tokens']);
  });

  it('refuses a name that there is not, and says which there are', () => {
    expect(() => compareArguments(['--theme', 'token'])).toThrow(
      `--theme is "token": there is no such kind of configuration. Use one of ${THEME_NAMES.join(
        ', ',
      )}.`,
    );
  });

  it.each<[string[], RegExp]>([
    [['--theme'], /argument missing/],
    [['--count', 'many'], /--count is "many"/],
    [['--count', '0'], /at least 1/],
    [['--seed', '1.5'], /--seed is "1.5"/],
    [['--shrunk'], /Unknown option '--shrunk'/],
  ])('refuses %j', (args, reason) => {
    expect(() => compareArguments(args)).toThrow(reason);
  });
});
