import type { MeshObjects } from '../MeshObjects';
import { isMap, itemsOf, ownField } from '../kube/reading';
import { effectiveRoutes } from '../routes/effectiveRoutes';
import type { ChangePlan } from './ChangePlan';
import {
  patchRule,
  requireHttpRoute,
  type RuleAnswer,
  type ServiceName,
} from './editRule';
import { EditRefused } from './EditRefused';
import { requireToken } from './loadBalancing';
import { definitionOf } from './versions';

/** @public */
export interface ConditionalRouteAnswers extends RuleAnswer {
  /** Requests with this value go to the version. */
  on: { header: string; value: string } | { cookie: string; value: string };
  subset: string;
}

/**
 * Sends those requests of a rule that carry a header or a cookie to one version, by a rule of their own just above it.
 *
 * @throws EditRefused
 * @public
 */
export function planConditionalRoute(
  set: MeshObjects,
  service: ServiceName,
  { rule, on, subset }: ConditionalRouteAnswers,
): ChangePlan {
  const definition = definitionOf(set, service, subset);
  const [header, wanted] = condition(on);
  const { host } = effectiveRoutes(set, {
    ...service,
    from: { type: 'mesh', namespace: service.namespace },
  });
  const edit = patchRule(set, service, { rule }, written => {
    requireHttpRoute(written, 'header or cookie route');
    const { at } = written;
    return [
      { op: 'test', at, value: written.rule },
      {
        op: 'add',
        at,
        value: {
          match: narrowed(itemsOf(written.rule.match), header, wanted),
          ...specialised(written.rule, { host, subset }),
        },
      },
    ];
  });
  const carried =
    'header' in on
      ? `${on.header}: ${on.value}`
      : `the cookie ${on.cookie}=${on.value}`;
  return {
    // No rule may name what is not defined, not even for a moment.
    edits: [...definition.edits, edit],
    sentence: `Requests with ${carried} go to ${subset}; all others go on as before.${definition.remark}`,
  };
}

function condition(
  on: ConditionalRouteAnswers['on'],
): [string, Record<string, string>] {
  if (
    on.value.length === 0 ||
    on.value.length > 200 ||
    /[\r\n]/.test(on.value)
  ) {
    throw new EditRefused(
      'The value is expected to be one line of at most 200 letters.',
    );
  }
  if ('header' in on) {
    requireToken('header', on.header);
    // Header names are matched in lower case.
    return [on.header.toLowerCase(), { exact: on.value }];
  }
  requireToken('cookie', on.cookie);
  const pair = `${escaped(on.cookie)}=${escaped(on.value)}`;
  return ['cookie', { regex: `(.*;\\s*)?${pair}(\\s*;.*)?` }];
}

/** What the rule says of all its requests holds for these, too; only where they go is another thing. */
function specialised(
  rule: Record<string, any>,
  { host, subset }: { host: string; subset: string },
): Record<string, any> {
  const [first] = itemsOf(rule.route);
  const { name: _name, match: _match, route: _route, ...rest } = rule;
  const port: unknown = ownField(first?.destination, 'port');
  return {
    ...rest,
    route: [
      { destination: { host, subset, ...(isMap(port) ? { port } : {}) } },
    ],
  };
}

function narrowed(
  matches: readonly Record<string, any>[],
  header: string,
  wanted: Record<string, string>,
): object[] {
  const all = matches.length > 0 ? matches : [{}];
  return all.map(match => {
    if (ownField(match.headers, header) !== undefined) {
      throw new EditRefused(
        `The rule already asks for the header ${header}: choose another one.`,
      );
    }
    const { name: _name, ...rest } = match;
    return { ...rest, headers: { ...match.headers, [header]: wanted } };
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
