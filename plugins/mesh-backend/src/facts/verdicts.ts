import type { Verdict } from '@meshdeck/plugin-mesh-common';

export function verdict(
  level: Verdict['level'],
  sentence: string,
  tab?: Verdict['tab'],
): Verdict {
  return { level, sentence, tab };
}

/** `9.9 %`; never rounds something to nothing or to everything. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) {
    return 'less than 0.1 %';
  }
  const rounded = Math.round(value * 10) / 10;
  return `${rounded === 100 && share < 1 ? 99.9 : rounded} %`;
}
