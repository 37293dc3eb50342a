import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { Problem, refused } from './Problem';

/** Istio’s own pattern takes a comma, too: its dash stands between two signs. Source: validation.go, validHeaderNameRegex. */
const TOKEN = /^[!#$%&'*+,\-.^_`|~A-Za-z0-9]+$/;
const STRICT = /^[-_A-Za-z0-9]+$/;
// eslint-disable-next-line no-control-regex
const VALUE = /^[^\u0000-\u0008\u000A-\u001F\u007F]*$/;
const PSEUDO_HEADERS = [':method', ':scheme', ':authority', ':path', ':status'];

export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

/** Letters, digits, dashes and underscores alone. */
export function isStrictHeaderName(name: unknown): boolean {
  return typeof name === 'string' && STRICT.test(name);
}

/** The claim of a token that a header condition names, as `@request.auth.claims.role`. Source: istio pkg/jwt/routing.go. */
export function isClaimCondition(name: string): boolean {
  return /^@request\.auth\.claims(\..+|\[.+\])$/is.test(name);
}

/** Names that a condition may have. Source: validation.go, ValidateHTTPHeaderNameOrJwtClaimRoute. */
export function* headerConditionProblems(
  name: string,
  path: string,
): Iterable<Problem> {
  if (
    !isClaimCondition(name) &&
    !PSEUDO_HEADERS.includes(name) &&
    !isHeaderName(name)
  ) {
    yield refused(
      path,
      `${JSON.stringify(name)} is no name of a header.`,
      'Use letters, digits and dashes.',
    );
  }
}

/** What is added, set and removed. Source: virtualservice.go, validateHTTPRoute. */
export function* headerOperationProblems(
  headers: unknown,
  path: string,
): Iterable<Problem> {
  for (const side of ['request', 'response'] as const) {
    const operations = isMap(headers) ? headers[side] : undefined;
    for (const operation of ['add', 'set'] as const) {
      for (const [name, value] of fieldsOf(operations?.[operation])) {
        const place = `${path}.${side}.${operation}.${name}`;
        yield* headerNameProblems(name, place, side === 'request');
        yield* headerValueProblems(String(value), place);
      }
    }
    for (const [index, name] of itemsOf(operations?.remove).entries()) {
      yield* headerNameProblems(
        String(name),
        `${path}.${side}.remove[${index}]`,
        false,
      );
    }
  }
}

/** Only of a request the host may be set; nothing else that begins with a colon may be touched. */
function* headerNameProblems(
  name: string,
  path: string,
  mayBeAuthority: boolean,
): Iterable<Problem> {
  if (name === '') {
    yield refused(path, 'A header has no name.', 'Name it.');
  } else if (isAuthority(name) ? !mayBeAuthority : name.startsWith(':')) {
    yield refused(
      path,
      `The header ${JSON.stringify(name)} cannot be changed here.`,
      'Remove it; to change the host of a request, set :authority or use rewrite.authority.',
    );
  }
}

export function isAuthority(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

function* headerValueProblems(value: string, path: string): Iterable<Problem> {
  if (!VALUE.test(value) || !hasWholeVariables(value)) {
    yield refused(
      path,
      `The value ${JSON.stringify(value.slice(0, 80))} is not valid: ${
        VALUE.test(value)
          ? 'a % begins a variable of Envoy that does not end.'
          : 'it has characters that a header cannot have.'
      }`,
      'Write %% for a percent sign.',
    );
  }
}

/** What comes next in a header's value. */
type Expected =
  | 'literal'
  | 'variable'
  | 'array'
  | 'string'
  | 'text'
  | 'delimiter'
  | 'closing'
  | 'end';

/** For each state but `text`: by what character it goes where; `undefined` of `other` refuses what is no space. */
const STEPS: Record<
  Exclude<Expected, 'literal' | 'text'>,
  { on: Record<string, Expected>; other?: Expected }
> = {
  variable: { on: { '%': 'literal', '(': 'array' }, other: 'variable' },
  array: { on: { '[': 'string' }, other: 'text' },
  string: { on: { '"': 'text' } },
  delimiter: { on: { ',': 'string', ']': 'closing' } },
  closing: { on: { ')': 'end' } },
  end: { on: { '%': 'literal' } },
};

/** Whether each `%VARIABLE(…)%` ends. Source: header_value_validator.go, after Envoy's header parser. */
function hasWholeVariables(value: string): boolean {
  let expected: Expected = 'literal';
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    if (expected === 'literal') {
      if (character === '%') {
        if (at + 1 === value.length) {
          return false;
        }
        if (value[at + 1] === '%') {
          at += 1;
        } else {
          expected = 'variable';
        }
      }
    } else if (expected === 'text') {
      if (character === '\\') {
        at += 1;
      } else if (character === ')') {
        expected = 'end';
      } else if (character === '"') {
        expected = 'delimiter';
      }
    } else {
      const { on, other }: (typeof STEPS)['array'] = STEPS[expected];
      const stays: boolean = character === ' ' && expected !== 'variable';
      const otherwise: Expected | undefined = stays ? expected : other;
      const next: Expected | undefined = Object.hasOwn(on, character)
        ? on[character]
        : otherwise;
      if (!next) {
        return false;
      }
      expected = next;
    }
  }
  return expected === 'literal';
}
