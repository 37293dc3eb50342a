/** The share of each weight; alone it is everything, and where all are 0 or unreadable each is the same. */
export function sharesOf(weights: readonly unknown[]): number[] {
  const counted = weights.map(weight =>
    typeof weight === 'number' && weight > 0 && Number.isFinite(weight)
      ? weight
      : 0,
  );
  const total = counted.reduce((sum, weight) => sum + weight, 0);
  return counted.map(weight =>
    total > 0 && counted.length > 1 ? weight / total : 1 / counted.length,
  );
}
