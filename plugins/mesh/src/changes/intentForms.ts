import type { RuleName, ServiceIntent } from '@meshdeck/plugin-mesh-common';
import type { MeshMessageKey } from '../translations/useMeshTranslation';

/** What a form says; the two that name something are said by its buttons. */
type FormMessageKey = Exclude<
  Extract<MeshMessageKey, `intents.${string}`>,
  'intents.of' | 'intents.forRule'
>;

/** What is known of what is to be changed. */
export interface IntentSubject {
  /** Of a rule; absent for the mesh's own default rule. */
  rule?: RuleName;
  /** What can be chosen from, by the name of the field. */
  choices?: Readonly<Record<string, readonly string[]>>;
}

/** One question of a form. */
export interface IntentField {
  name: string;
  label: FormMessageKey;
  kind: 'whole' | 'number' | 'seconds' | 'text' | 'choice' | 'list';
  /** Where nothing is chosen, the first. */
  options?: readonly string[];
  /** What stands in it at first. */
  initial?: string;
  isOptional?: boolean;
}

type Values = Readonly<Record<string, string>>;

interface IntentForm {
  title: FormMessageKey;
  hint: FormMessageKey;
  fields: readonly IntentField[];
  what: (values: Values, subject: IntentSubject) => ServiceIntent;
  /** For how many milliseconds, where it ends by itself. */
  lastsMs?: (values: Values) => number;
}

const whole = (text: string) => (text === '' ? undefined : Number(text));
const minutesInMs = (text: string) => Math.round(Number(text) * 60_000);
const ms = (text: string) =>
  text === '' ? undefined : Math.round(Number(text) * 1000);
const words = (text: string) => (text.trim() === '' ? undefined : text.trim());
const list = (text: string) => {
  const items = text.split(/[\s,]+/).filter(Boolean);
  return items.length > 0 ? items : undefined;
};

const SUBSET: IntentField = {
  name: 'subset',
  label: 'intents.subset',
  kind: 'choice',
};
const WORKLOAD: IntentField = {
  name: 'workload',
  label: 'intents.workload',
  kind: 'choice',
};

/** What can be wanted, and what has to be asked for it. An empty field leaves out what it asks. */
export const INTENT_FORMS = {
  timeout: {
    title: 'intents.timeout',
    hint: 'intents.timeoutHint',
    fields: [
      {
        name: 'timeout',
        label: 'intents.timeoutSeconds',
        kind: 'seconds',
        isOptional: true,
      },
    ],
    what: ({ timeout }, { rule }) => ({
      intent: 'timeout',
      rule,
      timeoutMs: ms(timeout),
    }),
  },
  retries: {
    title: 'intents.retries',
    hint: 'intents.retriesHint',
    fields: [
      {
        name: 'attempts',
        label: 'intents.attempts',
        kind: 'whole',
        isOptional: true,
      },
      {
        name: 'perTry',
        label: 'intents.perTry',
        kind: 'seconds',
        isOptional: true,
      },
      {
        name: 'retryOn',
        label: 'intents.retryOn',
        kind: 'text',
        isOptional: true,
      },
    ],
    what: ({ attempts, perTry, retryOn }, { rule }) => ({
      intent: 'retries',
      rule,
      attempts: whole(attempts),
      perTryTimeoutMs: ms(perTry),
      retryOn: words(retryOn),
    }),
  },
  fault: {
    title: 'intents.fault',
    hint: 'intents.faultHint',
    fields: [
      {
        name: 'percent',
        label: 'intents.faultPercent',
        kind: 'whole',
        initial: '10',
      },
      {
        name: 'status',
        label: 'intents.faultStatus',
        kind: 'whole',
        isOptional: true,
        initial: '503',
      },
      {
        name: 'delay',
        label: 'intents.faultDelay',
        kind: 'seconds',
        isOptional: true,
      },
      {
        name: 'minutes',
        label: 'intents.faultMinutes',
        kind: 'number',
        initial: '5',
      },
    ],
    what: ({ percent, status, delay, minutes }, { rule }) => {
      const delayMs = ms(delay);
      const httpStatus = whole(status);
      return {
        intent: 'fault',
        rule,
        delay: delayMs ? { percent: Number(percent), delayMs } : undefined,
        abort: httpStatus
          ? { percent: Number(percent), httpStatus }
          : undefined,
        lastsMs: minutesInMs(minutes),
      };
    },
    lastsMs: ({ minutes }) => minutesInMs(minutes),
  },
  mirror: {
    title: 'intents.mirror',
    hint: 'intents.mirrorHint',
    fields: [
      SUBSET,
      {
        name: 'percent',
        label: 'intents.mirrorPercent',
        kind: 'whole',
        isOptional: true,
      },
    ],
    what: ({ subset, percent }, { rule }) => {
      const share = whole(percent);
      return {
        intent: 'mirror',
        rule,
        to: share ? { subset, percent: share } : undefined,
      };
    },
  },
  conditionalRoute: {
    title: 'intents.conditionalRoute',
    hint: 'intents.conditionalRouteHint',
    fields: [
      {
        name: 'by',
        label: 'intents.by',
        kind: 'choice',
        options: ['header', 'cookie'],
      },
      { name: 'key', label: 'intents.key', kind: 'text' },
      { name: 'value', label: 'intents.value', kind: 'text' },
      SUBSET,
    ],
    what: ({ by, key, value, subset }, { rule }) => ({
      intent: 'conditionalRoute',
      rule,
      on: by === 'cookie' ? { cookie: key, value } : { header: key, value },
      subset,
    }),
  },
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
  restart: {
    title: 'intents.restart',
    hint: 'intents.restartHint',
    fields: [WORKLOAD],
    what: ({ workload }) => ({ intent: 'restart', workload }),
  },
  proxyResources: {
    title: 'intents.proxyResources',
    hint: 'intents.proxyResourcesHint',
    fields: [
      WORKLOAD,
      { name: 'cpu', label: 'intents.cpu', kind: 'text', isOptional: true },
      {
        name: 'cpuLimit',
        label: 'intents.cpuLimit',
        kind: 'text',
        isOptional: true,
      },
      {
        name: 'memory',
        label: 'intents.memory',
        kind: 'text',
        isOptional: true,
      },
      {
        name: 'memoryLimit',
        label: 'intents.memoryLimit',
        kind: 'text',
        isOptional: true,
      },
    ],
    what: ({ workload, cpu, cpuLimit, memory, memoryLimit }) => ({
      intent: 'proxyResources',
      workload,
      cpu: words(cpu),
      cpuLimit: words(cpuLimit),
      memory: words(memory),
      memoryLimit: words(memoryLimit),
    }),
  },
  enrolment: {
    title: 'intents.enrolment',
    hint: 'intents.enrolmentHint',
    fields: [
      {
        name: 'enrol',
        label: 'intents.enrol',
        kind: 'choice',
        options: ['sidecar', 'ambient', 'none'],
      },
      WORKLOAD,
      {
        name: 'revision',
        label: 'intents.revision',
        kind: 'text',
        isOptional: true,
      },
    ],
    what: ({ enrol, workload, revision }) => ({
      intent: 'enrolment',
      mode: enrol as 'sidecar',
      workload,
      revision: words(revision),
    }),
  },
} satisfies Record<string, IntentForm>;

/** The name of an intent that a form asks for. */
export type IntentName = keyof typeof INTENT_FORMS;

export function intentForm(name: IntentName): IntentForm {
  return INTENT_FORMS[name];
}

/** Why what stands in a field does not do; undefined where it does. */
export function fieldProblem(
  { kind, isOptional }: IntentField,
  text: string,
): FormMessageKey | undefined {
  if (text.trim() === '') {
    return isOptional ? undefined : 'intents.needed';
  }
  if (kind === 'whole' && !/^\d{1,9}$/.test(text)) {
    return 'intents.wholeRule';
  }
  return (kind === 'seconds' || kind === 'number') &&
    !/^\d{1,6}(\.\d{1,3})?$/.test(text)
    ? 'intents.numberRule'
    : undefined;
}
