import type { Labels } from '../../traffic/metrics/labels';

/** One series of a result: a value for each instant at which it is present. */
export interface Row {
  labels: Labels;
  values: Float64Array;
  /** 1 where there is a value. */
  present: Uint8Array;
}

/** What an expression gives at all instants of a query at once. */
export type QueryValue =
  | { type: 'scalar'; values: Float64Array }
  | { type: 'vector'; rows: Row[] }
  | { type: 'string'; value: string };

export function emptyRow(labels: Labels, length: number): Row {
  return {
    labels,
    values: new Float64Array(length),
    present: new Uint8Array(length),
  };
}

export function setValue(row: Row, step: number, value: number): void {
  row.values[step] = value;
  row.present[step] = 1;
}

export function withoutName(labels: Labels): Labels {
  const { __name__: _, ...rest } = labels;
  return rest;
}

/** A label that is not there counts as empty. */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name] ?? '' : '';
}

/** The same text for the same labels, whatever their order. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Only the named labels, those that are set. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap(name => {
      const value = labelOf(labels, name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** All labels but the named ones and the metric's name. */
export function omitLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name]) => name !== '__name__' && !names.includes(name),
    ),
  );
}

/** Each row with its values changed and its name gone. */
export function mapRows(
  rows: readonly Row[],
  change: (value: number, step: number) => number,
): Row[] {
  return rows.map(row => {
    const result = emptyRow(withoutName(row.labels), row.values.length);
    row.present.forEach((there, step) => {
      if (there) {
        setValue(result, step, change(row.values[step], step));
      }
    });
    return result;
  });
}
