import type { Place } from '../kube/place';
import { isMap } from '../kube/reading';

/** A line of a manifest, without its end, and what it is about. */
export interface WrittenLine {
  text: string;
  at: Place;
  /** Whether all that lies below the place is on this line. */
  isWhole: boolean;
}

/** How one person writes. */
export interface Hand {
  /** From 0 up to 1, another one each time. */
  chance: () => number;
  steps: readonly number[];
}

/** The lines of a map as people write it: odd depths, comments, flow and block, all kinds of quotes. */
export function writeMap(
  map: Record<string, unknown>,
  at: Place,
  column: number,
  hand: Hand,
): WrittenLine[] {
  return Object.entries(map).flatMap(([key, value]) => [
    ...comments(at, column, hand),
    ...behind(
      `${' '.repeat(column)}${keyText(key, hand)}:`,
      value,
      [...at, key],
      column,
      hand,
    ),
  ]);
}

function writeList(
  list: readonly unknown[],
  at: Place,
  column: number,
  hand: Hand,
): WrittenLine[] {
  return list.flatMap((item, index) => {
    const place = [...at, index];
    const dash = `${' '.repeat(column)}-`;
    const above = comments(at, column, hand);
    if (!isMap(item) || isInline(item, hand)) {
      return [...above, ...behind(dash, item, place, column, hand)];
    }
    const gap = 1 + Math.floor(hand.chance() * 3);
    const [first, ...rest] = writeMap(item, place, column + 1 + gap, {
      ...hand,
    }).filter(
      (line, number) => number > 0 || !line.text.trim().startsWith('#'),
    );
    return [
      ...above,
      { ...first, text: dash + ' '.repeat(gap) + first.text.trimStart() },
      ...rest,
    ];
  });
}

/** What stands behind `key:` or `-`, with the lines below it. */
function behind(
  mark: string,
  value: unknown,
  at: Place,
  column: number,
  hand: Hand,
): WrittenLine[] {
  const step = hand.steps[Math.floor(hand.chance() * hand.steps.length)];
  const line = (text: string, isWhole: boolean) => ({ text, at, isWhole });
  if (typeof value === 'string' && /\n$/.test(value) && hand.chance() < 0.7) {
    const space = ' '.repeat(column + step);
    const texts = value.slice(0, -1).split('\n');
    return [
      line(`${mark} |`, false),
      ...texts.map(text => line(`${space}${text}`, false)),
    ];
  }
  if (typeof value !== 'object' || isInline(value, hand)) {
    return [line(`${mark} ${inline(value, hand)}${tail(hand)}`, true)];
  }
  if (Array.isArray(value)) {
    const isDeeper = mark.endsWith('-') || hand.chance() < 0.5;
    const deep = isDeeper ? column + step : column;
    return [
      line(mark + tail(hand), false),
      ...writeList(value, at, deep, hand),
    ];
  }
  const map = value as Record<string, unknown>;
  return [
    line(mark + tail(hand), false),
    ...writeMap(map, at, column + step, hand),
  ];
}

function isInline(value: unknown, hand: Hand): boolean {
  return (
    typeof value !== 'object' ||
    Object.keys(value as object).length === 0 ||
    hand.chance() < 0.15
  );
}

function inline(value: unknown, hand: Hand): string {
  const pad = hand.chance() < 0.5 ? ' ' : '';
  const comma = hand.chance() < 0.2 ? ',' : '';
  if (Array.isArray(value)) {
    const items = value.map(item => inline(item, hand)).join(', ');
    return items === '' ? '[]' : `[${pad}${items}${comma}${pad}]`;
  }
  if (isMap(value)) {
    const pairs = Object.entries(value)
      .map(([key, inner]) => `${keyText(key, hand)}: ${inline(inner, hand)}`)
      .join(', ');
    return pairs === '' ? '{}' : `{${pad}${pairs}${comma}${pad}}`;
  }
  return scalar(value, hand);
}

function scalar(value: unknown, hand: Hand): string {
  if (typeof value !== 'string') {
    return JSON.stringify(value);
  }
  const isPlain =
    /^[a-z][a-z0-9 ._-]*[a-z0-9]$/.test(value) &&
    !/^(yes|no|on|off|true|false|null)$/.test(value);
  if (isPlain && hand.chance() < 0.6) {
    return value;
  }
  return value.includes('\n') || hand.chance() < 0.5
    ? JSON.stringify(value)
    : `'${value.replace(/'/g, "''")}'`;
}

function keyText(key: string, hand: Hand): string {
  return /^[a-z][a-z-]+$/.test(key) && key !== 'on' && hand.chance() < 0.9
    ? key
    : JSON.stringify(key);
}

function comments(at: Place, column: number, hand: Hand): WrittenLine[] {
  const chance = hand.chance();
  const line = (text: string) => ({ text, at, isWhole: false });
  if (chance < 0.05) {
    return [line('')];
  }
  return chance < 0.15
    ? [line(`${' '.repeat(column)}# why: "${Math.floor(chance * 1e6)}" {`)]
    : [];
}

function tail({ chance }: Hand): string {
  return chance() < 0.15 ? `${' '.repeat(1 + chance() * 3)}# as 'agreed'` : '';
}
