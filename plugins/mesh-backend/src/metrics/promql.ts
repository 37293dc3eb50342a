/** Label values as PromQL writes them: quoted, with quotes, backslashes and line ends escaped. */
export function quote(value: string): string {
  return `"${value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')}"`;
}

/** `metric{label="value",…}`. */
export function selector(
  metric: string,
  labels: Record<string, string>,
): string {
  const matchers = Object.entries(labels).map(
    ([name, value]) => `${name}=${quote(value)}`,
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
