import { words } from './answers';
import type { IntentField, IntentForm } from './IntentForm';

const WORKLOAD: IntentField = {
  name: 'workload',
  label: 'intents.workload',
  kind: 'choice',
};

/** What is asked about what runs behind a service. */
export const WORKLOAD_FORMS = {
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
