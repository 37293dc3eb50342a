import type { Edit } from '../findings/Mend';
import { describeRef, type KubeObject } from '../kube/KubeObject';
import { type Place, valueAt } from '../kube/place';
import { isMap, itemsOf, ownField } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { effectiveRoutes } from '../routes/effectiveRoutes';
import type { RuleSource } from '../routes/types';
import type { ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { patched, type PatchOperation } from './PatchOperation';
import { fieldOperations } from './setFields';

/** Names a Service. @public */
export interface ServiceName {
  namespace: string;
  service: string;
}

/** Where a rule is written; absent for the mesh's own default rule, for which a VirtualService is made. @public */
export interface RuleAnswer {
  rule?: RuleSource;
}

/** A rule as it is written. */
export interface WrittenRule {
  object: KubeObject;
  at: Place;
  rule: Record<string, any>;
}

/**
 * Sets fields of one rule of a service; of the default rule, makes the VirtualService that says the same and that.
 *
 * @throws EditRefused where there is no such rule.
 */
export function editRule(
  set: MeshObjects,
  name: ServiceName,
  answer: RuleAnswer,
  edit: (written: WrittenRule) => readonly Edit[],
): ObjectEdit {
  return patchRule(set, name, answer, written =>
    fieldOperations(written.object, edit(written)),
  );
}

/** The same, by operations. */
export function patchRule(
  set: MeshObjects,
  name: ServiceName,
  { rule }: RuleAnswer,
  operationsOn: (written: WrittenRule) => readonly PatchOperation[],
): ObjectEdit {
  const written = rule ? writtenRule(set, rule) : defaultRule(set, name);
  const { object } = written;
  const operations = operationsOn(written);
  return rule
    ? { action: 'change', before: object, operations }
    : { action: 'create', object: patched(object, operations) };
}

/** @throws EditRefused */
export function writtenRule(set: MeshObjects, source: RuleSource): WrittenRule {
  const { kind, namespace, name } = source.object;
  const object = set.get(kind, namespace, name);
  const rule: unknown = valueAt(object, source.at);
  if (!object || !isMap(rule)) {
    throw new EditRefused(
      `${describeRef(source.object)} has no such rule any more.`,
    );
  }
  return { object, at: source.at, rule };
}

/** A VirtualService that does what is done without one. */
function defaultRule(
  set: MeshObjects,
  { namespace, service }: ServiceName,
): WrittenRule {
  const routes = effectiveRoutes(set, {
    namespace,
    service,
    from: { type: 'mesh', namespace },
  });
  if (routes.decidedBy) {
    throw new EditRefused(
      `${describeRef(
        routes.decidedBy,
      )} has rules for ${service}: name the one that is to be changed.`,
    );
  }
  const taken = set.get('VirtualService', namespace, service);
  if (taken) {
    throw new EditRefused(
      `VirtualService ${namespace}/${service} is there, and says nothing of ${service}: rename it, or give it the host ${service}.`,
    );
  }
  const rule = { route: [{ destination: { host: routes.host } }] };
  return {
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace, name: service },
      spec: { hosts: [routes.host], http: [rule] },
    },
    at: ['spec', 'http', 0],
    rule,
  };
}

/**
 * An HTTP rule of a VirtualService that sends requests on.
 *
 * @throws EditRefused for every other, with what the intent cannot do there.
 */
export function requireHttpRoute(
  { object, at, rule }: WrittenRule,
  what: string,
): void {
  if (object.kind !== 'VirtualService') {
    throw new EditRefused(
      `A ${object.kind} has no ${what} that Istio honours. Write the rule as a VirtualService, or edit its YAML.`,
    );
  }
  requireHttp(at, what);
  const answers = ['redirect', 'directResponse', 'delegate'].find(
    field => ownField(rule, field) !== undefined,
  );
  if (answers || itemsOf(rule.route).length === 0) {
    throw new EditRefused(
      `This rule sends no requests on${
        answers ? ` (it has a ${answers})` : ''
      }, so a ${what} would have no effect.`,
    );
  }
}

/** @throws EditRefused for rules of TCP and TLS connections. */
export function requireHttp(at: Place, what: string): void {
  if (at[1] === 'tcp' || at[1] === 'tls') {
    throw new EditRefused(
      `This rule is for ${String(
        at[1],
      ).toUpperCase()} connections, which have no ${what}.`,
    );
  }
}

/** Whole numbers in a range. @throws EditRefused */
export function requireWhole(
  what: string,
  value: number,
  [least, most]: readonly [number, number],
): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new EditRefused(
      `${what} is ${value}; expected a whole number from ${least} to ${most}.`,
    );
  }
}

/** Milliseconds of a duration that Istio takes. @throws EditRefused */
export function requireDuration(what: string, ms: number, mostMs: number) {
  if (!Number.isInteger(ms) || ms < 1 || ms > mostMs) {
    throw new EditRefused(
      `${what} is ${ms} ms; expected from 1 ms to ${mostMs / 1000} s.`,
    );
  }
}
