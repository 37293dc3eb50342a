/** Label values as PromQL writes them: quoted, with quotes, backslashes and line ends escaped. */
export function quote(value: string): string {
  return `"${value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')}"`;
}

/** `metric{label="value",…}`; a list of values means any of them, each taken literally. */
export function selector(
  metric: string,
  labels: Record<string, string | readonly string[]>,
): string {
  const matchers = Object.entries(labels).map(([name, value]) =>
    typeof value === 'string'
      ? `${name}=${quote(value)}`
      : `${name}=~${quote(value.map(literal).join('|'))}`,
  );
  return `${metric}{${matchers.join(',')}}`;
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
