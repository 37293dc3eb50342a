/** Label values as PromQL writes them: quoted, with quotes, backslashes and line ends escaped. */
export function quote(value: string): string {
  return `"${value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')}"`;
}

/** What a label has to be: this, any of these, each taken literally, what a pattern fits, or what it does not fit. */
type Wanted =
  | string
  | readonly string[]
  | { matches: string }
  | { matchesNot: string };

/** `metric{label="value",…}`. Every query gets its series from one, so that none can look into another cluster. */
export type Select = (metric: string, labels: Record<string, Wanted>) => string;

/** @param always what the labels of every series have to be beside what is asked for, as of which cluster it is */
export function selecting(always: Record<string, string> = {}): Select {
  return (metric, labels) => {
    // One after the other: a label that is in both has to be both.
    const matchers = [...Object.entries(labels), ...Object.entries(always)].map(
      ([name, wanted]) => `${name}${matcher(wanted)}`,
    );
    return `${metric}{${matchers.join(',')}}`;
  };
}

function matcher(wanted: Wanted): string {
  if (typeof wanted === 'string') {
    return `=${quote(wanted)}`;
  }
  if ('matchesNot' in wanted) {
    return `!~${quote(wanted.matchesNot)}`;
  }
  const pattern =
    'matches' in wanted ? wanted.matches : wanted.map(literal).join('|');
  return `=~${quote(pattern)}`;
}

/** `sum(rate(selector[window])) by (labels)`. */
export function sumOfRates(
  series: string,
  window: string,
  by: readonly string[],
): string {
  const grouping = by.length ? ` by (${by.join(',')})` : '';
  return `sum(rate(${series}[${window}]))${grouping}`;
}

/** The quantile of a histogram's rates. */
export function quantileOfRates(
  quantile: number,
  series: string,
  window: string,
  by: readonly string[],
): string {
  return `histogram_quantile(${quantile},${sumOfRates(series, window, [
    'le',
    ...by,
  ])})`;
}

/** The same series with a label more; the value holds no `$`, which would stand for a part of a match. */
export function withLabel(name: string, value: string, series: string): string {
  return `label_replace(${series},${quote(name)},${quote(value)},"","")`;
}

/** A text that RE2 takes for itself. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
