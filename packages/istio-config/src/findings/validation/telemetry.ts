import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { CelParser } from './CelParser';
import { Problem, refused, warned } from './Problem';
import { attachmentProblems } from './selectors';

const MOST_SHOWN = 60;

/** Source: istio pkg/config/validation/validation.go, ValidateTelemetry. */
export function* telemetryProblems({ spec }: KubeObject): Iterable<Problem> {
  yield* attachmentProblems(spec);
  for (const field of ['metrics', 'tracing', 'accessLogging']) {
    for (const [index, one] of itemsOf(spec?.[field]).entries()) {
      yield* providerProblems(one?.providers, `spec.${field}[${index}]`);
    }
  }
  for (const [index, one] of itemsOf(spec?.metrics).entries()) {
    for (const [place, override] of itemsOf(one?.overrides).entries()) {
      yield* overrideProblems(
        override,
        `spec.metrics[${index}].overrides[${place}]`,
      );
    }
  }
  for (const [index, one] of itemsOf(spec?.accessLogging).entries()) {
    const expression: unknown = one?.filter?.expression ?? '';
    if (isMap(one?.filter) && !CelParser.accepts(String(expression))) {
      yield refused(
        `spec.accessLogging[${index}].filter.expression`,
        expression
          ? `${String(expression).slice(0, MOST_SHOWN)} is no CEL expression.`
          : 'The filter is empty.',
        'Write a CEL expression, as response.code >= 500, or remove the filter.',
      );
    }
  }
  yield* tracingProblems(itemsOf(spec?.tracing));
}

function* providerProblems(
  providers: unknown,
  path: string,
): Iterable<Problem> {
  for (const [index, provider] of itemsOf(providers).entries()) {
    if (!provider?.name) {
      yield refused(
        `${path}.providers[${index}].name`,
        'The provider has no name.',
        'Name an extension provider of the mesh.',
      );
    }
  }
}

function* tracingProblems(tracing: any[]): Iterable<Problem> {
  if (tracing.length > 1) {
    yield warned(
      'spec.tracing',
      'Only the first of several entries counts.',
      'Write one.',
    );
  }
  for (const [index, one] of tracing.entries()) {
    const path = `spec.tracing[${index}]`;
    if (itemsOf(one?.providers).length > 1) {
      yield warned(
        `${path}.providers`,
        'Traces go to one provider only.',
        'Name one.',
      );
    }
    const share = Number(one?.randomSamplingPercentage ?? 0);
    if (share < 0 || share > 100) {
      yield refused(
        `${path}.randomSamplingPercentage`,
        `${share} is no percentage.`,
        'Use a number from 0 to 100.',
      );
    }
    for (const [name, tag] of fieldsOf(one?.customTags)) {
      yield* tagProblems(name, tag, `${path}.customTags.${name}`);
    }
  }
}

function* tagProblems(
  name: string,
  tag: unknown,
  path: string,
): Iterable<Problem> {
  const { literal, header, environment } = isMap(tag)
    ? tag
    : { literal: {}, header: undefined, environment: undefined };
  const isEmpty =
    name === '' ||
    (literal && !literal.value) ||
    (header && !header.name) ||
    (environment && !environment.name);
  if (isEmpty) {
    yield refused(
      path,
      'The tag has no name or no value.',
      'Name it, and say where its value comes from.',
    );
  }
}

function* overrideProblems(override: unknown, path: string): Iterable<Problem> {
  if (!isMap(override)) {
    yield refused(path, 'The override is empty.', 'Remove it.');
    return;
  }
  for (const [name, tag] of fieldsOf(override.tagOverrides)) {
    const place = `${path}.tagOverrides.${name}`;
    const isRemoval = tag?.operation === 'REMOVE';
    if (name === '') {
      yield warned(place, 'The tag has no name.', 'Name it.');
    }
    if (isRemoval === Boolean(tag?.value)) {
      yield refused(
        place,
        isRemoval
          ? 'A tag that is removed has no value.'
          : 'The tag has no value.',
        isRemoval ? 'Remove value.' : 'Set value, or operation to REMOVE.',
      );
    }
  }
  if (override.match?.customMetric === '') {
    yield refused(
      `${path}.match.customMetric`,
      'customMetric is empty.',
      'Name the metric.',
    );
  }
}
