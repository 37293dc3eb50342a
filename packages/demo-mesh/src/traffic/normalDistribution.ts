/** The share of a standard normal below `z`. Abramowitz and Stegun 7.1.26: exact to 1.5e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t *
    (0.254829592 +
      t *
        (-0.284496736 +
          t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = polynomial * Math.exp(-x * x);
  return z >= 0 ? 1 - tail / 2 : tail / 2;
}

const TABLE_SIZE = 4096;
let table: Float64Array | undefined;

/** The value below which the share `p` of a standard normal lies. From a table, except far out where it bends. */
export function normalQuantile(p: number): number {
  const place = p * TABLE_SIZE;
  const index = Math.floor(place);
  if (index < 4 || index >= TABLE_SIZE - 4) {
    return bisect(p);
  }
  table ??= Float64Array.from({ length: TABLE_SIZE }, (_, at) =>
    bisect(at / TABLE_SIZE),
  );
  return table[index] + (table[index + 1] - table[index]) * (place - index);
}

function bisect(p: number): number {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}
