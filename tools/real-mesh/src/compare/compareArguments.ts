import { parseArgs } from 'node:util';
import { wholeNumber } from '../wholeNumber';
import { THEME_NAMES, type ThemeName } from './generate/trials';

/** What the command line asks for. */
export interface CompareArguments {
  /** How many requests. */
  count: number;
  /** Absent: another one each time. */
  seed?: number;
  themes: readonly ThemeName[];
  isShrinking: boolean;
  /** Only the last line is wanted. */
  isBrief: boolean;
  isHelpWanted: boolean;
}

/**
 * Reads `--count 500 --seed 1 --theme tokens --shrink --json`.
 * @throws Error that says what is wrong, and with a theme that there is not, which there are.
 */
export function compareArguments(args: string[]): CompareArguments {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '500' },
      seed: { type: 'string' },
      theme: { type: 'string' },
      shrink: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { count, seed, theme } = values;
  return {
    count: wholeNumber('--count', count, 1),
    seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0),
    themes: theme === undefined ? THEME_NAMES : [themeOf(theme)],
    isShrinking: values.shrink,
    isBrief: values.json,
    isHelpWanted: values.help,
  };
}

function themeOf(text: string): ThemeName {
  const found = THEME_NAMES.find(name => name === text);
  if (!found) {
    throw new Error(
      `--theme is "${text}": there is no such kind of configuration. Use one of ${THEME_NAMES.join(
        ', ',
      )}.`,
    );
  }
  return found;
}
