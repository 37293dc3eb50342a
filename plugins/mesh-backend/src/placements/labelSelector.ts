type Labels = Record<string, string>;

/** A Kubernetes label selector as a test of labels: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`. */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  return labels =>
    requirements.length > 0 &&
    requirements.every(requirement => requirement(labels));
}

function splitOutsideParentheses(text: string): string[] {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return parts.map(part => part.trim()).filter(Boolean);
}

function parseRequirement(text: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key, operator, list] = set;
    const values = list.split(',').map(value => value.trim());
    const wanted = operator === 'in';
    return labels => values.includes(labels[key] ?? '') === wanted;
  }
  const pair = /^([^=!]+?)\s*(!=|==|=)\s*(.*)$/.exec(text);
  if (pair) {
    const [, key, operator, value] = pair;
    return labels => (labels[key] === value) === (operator !== '!=');
  }
  return text.startsWith('!')
    ? labels => labels[text.slice(1).trim()] === undefined
    : labels => labels[text] !== undefined;
}
