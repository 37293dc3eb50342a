import { fieldsOf, ownField } from './reading';

/** Whether every label of `selector` is among `labels`. An empty selector selects everything. @public */
export function selects(
  selector: Record<string, string> | undefined,
  labels: Record<string, string> | undefined,
): boolean {
  return fieldsOf(selector).every(
    ([key, value]) => ownField(labels, key) === value,
  );
}

/** `app=a,version=v1`, in the order Kubernetes writes it. @public */
export function describeSelector(selector: unknown): string {
  return fieldsOf(selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/**
 * Whether a Kubernetes LabelSelector (`matchLabels`, `matchExpressions`) selects the labels; none at all selects
 * everything, one that Kubernetes would reject selects nothing.
 * @public
 */
export function labelSelectorMatches(
  selector: any,
  labels: Record<string, string> | undefined,
): boolean {
  if (selector === undefined || selector === null) {
    return true;
  }
  if (!selects(selector.matchLabels, labels)) {
    return false;
  }
  const expressions: unknown = selector.matchExpressions;
  return (Array.isArray(expressions) ? expressions : []).every(expression => {
    const value = ownField(labels, String(expression?.key));
    const values: unknown[] = Array.isArray(expression?.values)
      ? expression.values
      : [];
    switch (expression?.operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
