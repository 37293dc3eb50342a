import { isObject } from './json';
import { isAllowed, type User } from './auth';
import { badRequest } from './StatusError';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Answers a `SelfSubjectAccessReview` from the rules that requests are judged by. */
export function reviewAccess(user: User, body: unknown): object {
  const spec = isObject(body) && isObject(body.spec) ? body.spec : {};
  const asked = spec.resourceAttributes;
  if (!isObject(asked) && !isObject(spec.nonResourceAttributes)) {
    throw badRequest(
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  }
  const allowed = isObject(asked)
    ? isAllowed(user, {
        verb: textOf(asked.verb),
        group: textOf(asked.group),
        resource: textOf(asked.resource),
        subresource: textOf(asked.subresource) || undefined,
        namespace: textOf(asked.namespace) || undefined,
        name: textOf(asked.name) || undefined,
      })
    : user.rules === 'all';
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status: { allowed },
  };
}
