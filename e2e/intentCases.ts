import type { Locator } from 'playwright-core';
import {
  editRule,
  fillForm,
  type FormAnswers,
  previewDeletion,
} from './changing';
import type { Portal, Tab } from './portal';
import type { ChangedKind } from './StoredObject';

/** Where all of these are tried. */
export const NAMESPACE = 'orion-staging';
export const SERVICE = 'auth-service';
export const PLACE = `?placement=demo:${NAMESPACE}:${SERVICE}`;

/** One thing that can be wanted of a service, as a person asks for it. */
export interface IntentCase {
  title: string;
  /** Fills its form in; where it has none, asks for its preview at once. */
  open(portal: Portal): Promise<Locator | undefined>;
  /** What the preview says. */
  sentence: string | RegExp;
  /** The object that it is about, and what stands in that afterwards; only where it is applied here. */
  makes?: {
    kind: ChangedKind;
    name?: string;
    /** Absent where the object is to be gone. */
    spec?: object;
  };
}

function formOf(
  title: string,
  answers: FormAnswers,
  sentence: IntentCase['sentence'],
  makes?: IntentCase['makes'],
): IntentCase {
  return {
    title,
    open: portal => fillForm(portal, title, answers),
    sentence,
    makes,
  };
}

/** The answer to "which rule of the object", in a matcher. */
const rules = (...http: object[]) => ({
  http: expect.arrayContaining(http.map(rule => expect.objectContaining(rule))),
});

/** Every form of every tab; those that an object of each kind is made and changed by are applied. */
export const INTENT_CASES: Partial<Record<Tab, IntentCase[]>> = {
  routes: [
    formOf(
      'Timeout: rule 1',
      { texts: { Seconds: '2.5' } },
      'A request is answered 504 after 2.5 s.',
    ),
    formOf(
      'Retries: rule 1',
      { texts: { 'Retries (0: none)': '3', 'Seconds for each try': '0.5' } },
      'Failed requests are tried up to 3 more times, each for at most 500 ms.',
    ),
    formOf(
      'Fault for a time: rule 1',
      {
        texts: {
          'Per cent of requests': '20',
          'Are answered with status': '503',
          'Wait so many seconds': '1.5',
          'Ends by itself after minutes': '2',
        },
      },
      '20 % of requests wait 1.5 s, and 20 % are answered 503, on purpose. It ends by itself after 2 min.',
    ),
    formOf(
      'Mirror: rule 1',
      { texts: { 'Per cent of requests': '5' } },
      'Copies of 5 % of requests go to stable; callers do not wait for its answers.',
    ),
    formOf(
      'Header or cookie: rule 1',
      { texts: { Name: 'x-beta', Value: 'yes' } },
      'Requests with x-beta: yes go to stable; all others go on as before.',
      {
        kind: 'VirtualService',
        spec: rules({
          match: [
            expect.objectContaining({
              headers: { 'x-beta': { exact: 'yes' } },
            }),
          ],
        }),
      },
    ),
    formOf(
      'Circuit breaker: this service',
      {
        texts: {
          'Connections at most': '20',
          'Errors in a row before a pod is left out': '3',
        },
      },
      /^At most 20 connections; .*3.*\.$/,
      {
        kind: 'DestinationRule',
        spec: {
          trafficPolicy: expect.objectContaining({
            connectionPool: { tcp: { maxConnections: 20 } },
            outlierDetection: expect.objectContaining({
              consecutive5xxErrors: 3,
            }),
          }),
        },
      },
    ),
    formOf(
      'Load balancing: this service',
      { choices: { 'Which pod': 'ROUND_ROBIN' } },
      /^Requests go .*\.$/,
    ),
    {
      title: 'Edit…',
      open: portal => editRule(portal, 'timeout: 10s', 'timeout: 9s'),
      sentence:
        'VirtualService orion-staging/auth-service becomes what was written.',
      makes: { kind: 'VirtualService', spec: rules({ timeout: '9s' }) },
    },
    {
      title: 'Delete…',
      async open(portal) {
        await previewDeletion(portal);
        return undefined;
      },
      sentence: 'VirtualService orion-staging/auth-service is deleted.',
      makes: { kind: 'VirtualService' },
    },
  ],
  security: [
    formOf(
      'mTLS mode: this service',
      { choices: { Mode: 'STRICT' } },
      'At the pods of auth-service, only mTLS is let in.',
      { kind: 'PeerAuthentication', spec: { mtls: { mode: 'STRICT' } } },
    ),
    formOf(
      'Deny by default: this service',
      {
        texts: {
          'Identities that are let in':
            'cluster.local/ns/orion-staging/sa/gateway-service',
        },
      },
      'Only orion-staging/gateway-service may call auth-service; every other caller is answered 403.',
      {
        kind: 'AuthorizationPolicy',
        name: 'auth-service-callers',
        spec: {
          rules: [
            {
              from: [
                {
                  source: {
                    principals: [
                      'cluster.local/ns/orion-staging/sa/gateway-service',
                    ],
                  },
                },
              ],
            },
          ],
        },
      },
    ),
    formOf(
      'In the mesh or out: this service',
      { choices: { Mode: 'ambient' } },
      'auth-service is in ambient mode. Its pods are replaced one after the other.',
    ),
    formOf(
      'Sidecar resources: this service',
      { texts: { 'CPU, as 100m': '50m', 'Memory at most': '256Mi' } },
      /^The sidecars of auth-service get .*50m.*256Mi\. Its pods are replaced one after the other\.$/,
    ),
    formOf(
      'Restart: this service',
      {},
      'The pods of auth-service are replaced one after the other.',
      {
        kind: 'Deployment',
        spec: {
          template: expect.objectContaining({
            metadata: expect.objectContaining({
              annotations: expect.objectContaining({
                'kubectl.kubernetes.io/restartedAt': expect.any(String),
              }),
            }),
          }),
        },
      },
    ),
  ],
  traces: [
    formOf(
      'Trace sampling: this service',
      { texts: { 'Per cent': '12.5' } },
      '12.5 % of the requests that start at auth-service are traced; those that come with a decision keep it.',
      {
        kind: 'Telemetry',
        spec: { tracing: [{ randomSamplingPercentage: 12.5 }] },
      },
    ),
  ],
};

/** The case of a tab that has this title. */
export function intentCase(tab: Tab, title: string): IntentCase {
  const found = INTENT_CASES[tab]?.find(each => each.title === title);
  if (!found) {
    throw new Error(`The tab ${tab} has no case "${title}".`);
  }
  return found;
}
