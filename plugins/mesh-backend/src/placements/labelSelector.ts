import { ownField } from '@meshdeck/istio-config';

type Labels = Record<string, string>;

interface Requirement {
  /** Whether a thing without the label cannot fulfil it. */
  asksForLabel: boolean;
  holds(labels: Labels): boolean;
}

/** A Kubernetes label selector, read. */
export interface LabelSelector {
  matches(labels: Labels): boolean;
  /** Whether it fits nothing without labels. `!x` and `x!=y` alone fit nearly everything that there is. */
  asksForLabel: boolean;
}

const PREFIX = '(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?';
const NAME = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const KEY = `(${PREFIX}${NAME})`;
const IN = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALS = new RegExp(`^${KEY}\\s*(!=|==|=)\\s*(.*)$`);
const EXISTS = new RegExp(`^(!?)\\s*${KEY}$`);
const VALUE = new RegExp(`^(?:${NAME})?$`);

/** Reads `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a` as Kubernetes does; undefined for what is no selector. */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const requirements: Requirement[] = [];
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = parseRequirement(part.trim());
    if (!requirement) {
      return undefined;
    }
    requirements.push(requirement);
  }
  return {
    matches: labels => requirements.every(({ holds }) => holds(labels)),
    asksForLabel: requirements.some(({ asksForLabel }) => asksForLabel),
  };
}

function parseRequirement(text: string): Requirement | undefined {
  const set = IN.exec(text);
  if (set) {
    const values = set[3].split(',').map(value => value.trim());
    return oneOf(set[1], values, set[2] === 'in');
  }
  const pair = EQUALS.exec(text);
  if (pair) {
    return oneOf(pair[1], [pair[3]], pair[2] !== '!=');
  }
  const exists = EXISTS.exec(text);
  if (!exists) {
    return undefined;
  }
  const [, not, key] = exists;
  return {
    asksForLabel: !not,
    holds: labels => (ownField(labels, key) !== undefined) === !not,
  };
}

/** A thing without the label has none of the values. */
function oneOf(
  key: string,
  values: string[],
  wanted: boolean,
): Requirement | undefined {
  return values.every(value => VALUE.test(value))
    ? {
        asksForLabel: wanted,
        holds: labels => values.includes(ownField(labels, key)) === wanted,
      }
    : undefined;
}
