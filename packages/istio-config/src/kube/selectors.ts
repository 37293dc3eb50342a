/** Whether every label of `selector` is among `labels`. An empty selector selects everything. @public */
export function selects(
  selector: Record<string, string> | undefined,
  labels: Record<string, string> | undefined,
): boolean {
  return Object.entries(selector ?? {}).every(
    ([key, value]) =>
      labels !== undefined &&
      Object.hasOwn(labels, key) &&
      labels[key] === value,
  );
}
