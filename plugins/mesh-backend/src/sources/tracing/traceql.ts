/** A condition on spans, complete in itself. Made by the functions of this file only. */
export type SpanCondition = string & { readonly spanCondition: unique symbol };

/** `{ a && b }`: spans for which all conditions hold. */
export function spansWhere(...conditions: SpanCondition[]): string {
  return `{ ${conditions.join(' && ')} }`;
}

/** Of the fields that TraceQL knows by itself, those with text. */
export function fieldIs(
  field: 'name' | 'resource.service.name',
  value: string,
): SpanCondition {
  return condition(`${field} = ${quoted(value)}`);
}

export function hasName(): SpanCondition {
  return condition('name != ""');
}

export function failed(): SpanCondition {
  return condition('status = error');
}

export function lastsAtLeast(ms: number): SpanCondition {
  return condition(`duration >= ${Math.max(Math.round(ms), 0)}ms`);
}

const KINDS = ['client', 'server', 'internal', 'producer', 'consumer'];

/**
 * A tag of the span or of its resource has a value. Text, numbers and truths differ in TraceQL while a person types
 * them alike; and what is a tag in Jaeger's words may be a field of the span.
 */
export function tagIs(name: string, value: string): SpanCondition {
  if (name === 'error' && (value === 'true' || value === 'false')) {
    return condition(`status ${value === 'true' ? '=' : '!='} error`);
  }
  if (name === 'span.kind' && KINDS.includes(value)) {
    return condition(`kind = ${value}`);
  }
  const tag = tagNamed(name);
  const text = `${tag} = ${quoted(value)}`;
  return /^(-?\d{1,15}(\.\d{1,6})?|true|false)$/.test(value)
    ? condition(`(${text} || ${tag} = ${value})`)
    : condition(text);
}

/** The span says that it is of a namespace, as `SpanNamespaces` reads it. */
export function isOf(namespace: string): SpanCondition {
  const nodeId = `[a-z]+~[^~]*~[^~]*~${namespace}[.]svc[.].*`;
  const places = [
    `.istio.namespace = ${quoted(namespace)}`,
    `.k8s.namespace.name = ${quoted(namespace)}`,
    `.node_id =~ ${quoted(nodeId)}`,
  ];
  return condition(`(${places.join(' || ')})`);
}

function condition(text: string): SpanCondition {
  return text as SpanCondition;
}

/** Only names with other characters are quoted: Tempo reads quoted ones since 2.4. */
function tagNamed(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)
    ? `.${name}`
    : `."${name.replace(/["\\]/g, '\\$&')}"`;
}

/** A string as Go writes it, with everything escaped that could end it or that its scanner refuses. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f\u2028\u2029\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
