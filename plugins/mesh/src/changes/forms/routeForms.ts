import { whole, minutesInMs, ms, words } from './answers';
import type { IntentField, IntentForm } from './IntentForm';

const SUBSET: IntentField = {
  name: 'subset',
  label: 'intents.subset',
  kind: 'choice',
};

/** What is asked about a rule of a route. */
export const ROUTE_FORMS = {
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
} satisfies Record<string, IntentForm>;
