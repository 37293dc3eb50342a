import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

function example(
  description: string,
  action: string,
  input: Record<string, unknown>,
): TemplateExample {
  return {
    description,
    example: stringify({
      steps: [
        { id: action.split(':').pop(), action, name: description, input },
      ],
    }),
  };
}

export const renderExamples = [
  example('Render a service with a canary', 'mesh:onboarding:render', {
    name: 'pricing-service',
    namespace: 'autolytiq',
    owner: 'group:default/team-deals',
    image: 'ghcr.io/autolytiq/pricing:1.0.0',
    port: 8090,
  }),
];

export const applyExamples = [
  example('Bring a service into the mesh', 'mesh:onboarding:apply', {
    cluster: 'demo',
    namespace: 'autolytiq',
    name: 'pricing-service',
    owner: 'group:default/team-deals',
    image: 'ghcr.io/autolytiq/pricing:1.0.0',
    port: 8090,
    callerNamespaces: ['autolytiq'],
  }),
];

export const waitExamples = [
  example('Wait for the new page', 'mesh:entity:wait', {
    entityRef: '${{ steps.apply.output.entityRef }}',
  }),
];
