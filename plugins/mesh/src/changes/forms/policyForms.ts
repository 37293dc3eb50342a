import { whole, words, list } from './answers';
import type { FormMessageKey, IntentForm } from './IntentForm';

/** What is asked about how a service is called, and by whom. */
export const POLICY_FORMS = {
  breaker: {
    title: 'intents.breaker',
    hint: 'intents.breakerHint',
    fields: [
      ['maxConnections', 'intents.maxConnections'],
      ['maxPendingRequests', 'intents.maxPendingRequests'],
      ['maxRequests', 'intents.maxRequests'],
      ['consecutiveErrors', 'intents.consecutiveErrors'],
      ['maxEjectionPercent', 'intents.maxEjectionPercent'],
    ].map(([name, label]) => ({
      name,
      label: label as FormMessageKey,
      kind: 'whole',
      isOptional: true,
    })),
    what: values => ({
      intent: 'breaker',
      maxConnections: whole(values.maxConnections),
      maxPendingRequests: whole(values.maxPendingRequests),
      maxRequests: whole(values.maxRequests),
      consecutiveErrors: whole(values.consecutiveErrors),
      maxEjectionPercent: whole(values.maxEjectionPercent),
    }),
  },
  balancing: {
    title: 'intents.balancing',
    hint: 'intents.balancingHint',
    fields: [
      {
        name: 'simple',
        label: 'intents.balancingBy',
        kind: 'choice',
        options: ['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM'],
      },
      {
        name: 'header',
        label: 'intents.balancingHeader',
        kind: 'text',
        isOptional: true,
      },
    ],
    what: ({ simple, header }) =>
      words(header)
        ? { intent: 'balancing', by: { header: header.trim() } }
        : { intent: 'balancing', by: { simple: simple as 'RANDOM' } },
  },
  mtls: {
    title: 'intents.mtls',
    hint: 'intents.mtlsHint',
    fields: [
      {
        name: 'mode',
        label: 'intents.mode',
        kind: 'choice',
        options: ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'],
      },
      {
        name: 'scope',
        label: 'intents.scope',
        kind: 'choice',
        options: ['workload', 'port', 'namespace'],
      },
      {
        name: 'port',
        label: 'intents.port',
        kind: 'whole',
        isOptional: true,
      },
    ],
    what: ({ mode, scope, port }) => ({
      intent: 'mtls',
      mode: mode as 'STRICT',
      scope: scope as 'port',
      port: scope === 'port' ? whole(port) : undefined,
    }),
  },
  allowCaller: {
    title: 'intents.allowCaller',
    hint: 'intents.allowCallerHint',
    fields: [
      { name: 'principal', label: 'intents.principal', kind: 'text' },
      {
        name: 'methods',
        label: 'intents.methods',
        kind: 'list',
        isOptional: true,
      },
      { name: 'paths', label: 'intents.paths', kind: 'list', isOptional: true },
    ],
    what: ({ principal, methods, paths }) => ({
      intent: 'allowCaller',
      principal: principal.trim(),
      methods: list(methods),
      paths: list(paths),
    }),
  },
  denyByDefault: {
    title: 'intents.denyByDefault',
    hint: 'intents.denyByDefaultHint',
    fields: [
      {
        name: 'callers',
        label: 'intents.callers',
        kind: 'list',
        isOptional: true,
      },
    ],
    what: ({ callers }) => ({
      intent: 'denyByDefault',
      callers: list(callers) ?? [],
    }),
  },
  sampling: {
    title: 'intents.sampling',
    hint: 'intents.samplingHint',
    fields: [{ name: 'percent', label: 'intents.percent', kind: 'number' }],
    what: ({ percent }) => ({ intent: 'sampling', percent: Number(percent) }),
  },
} satisfies Record<string, IntentForm>;
