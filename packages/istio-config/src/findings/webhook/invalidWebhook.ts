import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import { labelSelectorMatches } from '../../kube/selectors';
import { defineFinding } from '../Finding';

interface Hook {
  configuration: KubeObject;
  path: string;
  name: string;
  hook: any;
}

const REVISION = 'istio.io/rev';

/** Injectors that would both be called for a pod, or that call a Service which is not there. */
export const invalidWebhook = defineFinding({
  code: 'IST0139',
  level: 'error',
  scope: 'mesh',
  inputs: ['MutatingWebhookConfiguration'],
  source: 'istio: pkg/config/analysis/analyzers/webhook/webhook.go',
  *find({ MutatingWebhookConfiguration: configurations }, set) {
    const injectors = configurations.filter(
      configuration =>
        revisionsOf(configuration).length > 0 ||
        itemsOf(configuration.webhooks).some(hook =>
          String(hook?.name ?? '').endsWith('istio.io'),
        ),
    );
    const hooks: Hook[] = injectors.flatMap(configuration =>
      itemsOf(configuration.webhooks).map((hook, index) => ({
        configuration,
        path: `webhooks[${index}]`,
        name: `${configuration.metadata.name}/${hook?.name}`,
        hook,
      })),
    );
    yield* overlaps(hooks, [...new Set(injectors.flatMap(revisionsOf))]);
    if (!set.knows('Service')) {
      return;
    }
    for (const { configuration, path, hook } of hooks) {
      const service = hook?.clientConfig?.service;
      if (service && !set.get('Service', service.namespace, service.name)) {
        yield {
          resource: configuration,
          path: `${path}.clientConfig.service`,
          message: `It calls the Service ${service.namespace}/${service.name}, which does not exist: no pod that it is for can be created, or none gets a sidecar.`,
          fix: 'Correct the Service, or remove the configuration of a control plane that is gone.',
        };
      }
    }
  },
});

function revisionsOf(configuration: KubeObject): string[] {
  const own = ownField(configuration.metadata.labels, REVISION);
  const selected = itemsOf(configuration.webhooks)
    .flatMap(hook => [hook?.namespaceSelector, hook?.objectSelector])
    .flatMap(selector => [
      ...textsOf([ownField(selector?.matchLabels, REVISION)]),
      ...itemsOf(selector?.matchExpressions)
        .filter(expression => expression?.key === REVISION)
        .flatMap(expression => textsOf(expression.values)),
    ]);
  return [...textsOf([own]), ...selected];
}

/** For each combination of labels that matters, at most one injector may be called. */
function* overlaps(hooks: readonly Hook[], revisions: readonly string[]) {
  const variants = (label: string, values: string[]) =>
    [undefined, ...values].flatMap(value =>
      [undefined, ...revisions].map(revision => ({
        ...(value === undefined ? {} : { [label]: value }),
        ...(revision === undefined ? {} : { [REVISION]: revision }),
      })),
    );
  for (const namespace of variants('istio-injection', [
    'enabled',
    'disabled',
  ])) {
    for (const pod of variants('sidecar.istio.io/inject', ['true', 'false'])) {
      const matching = hooks.filter(
        ({ hook }) =>
          labelSelectorMatches(hook?.namespaceSelector, namespace) &&
          labelSelectorMatches(hook?.objectSelector, pod),
      );
      const called = [
        ...new Map(matching.map(hook => [hook.name, hook])).values(),
      ];
      for (const { configuration, path, name } of called.length > 1
        ? called
        : []) {
        yield {
          resource: configuration,
          path,
          message: `It is called for the same pods as ${called
            .filter(other => other.name !== name)
            .map(other => other.name)
            .sort()
            .join(', ')}: they would be injected twice.`,
          fix: 'Narrow the selectors, or remove one of the configurations.',
        };
      }
    }
  }
}
