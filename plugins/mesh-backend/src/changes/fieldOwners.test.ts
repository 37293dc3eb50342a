import type { KubeObject, PatchOperation } from '@meshdeck/istio-config';
import { fieldOwners } from './fieldOwners';

const entry = (manager: string, fields: object, subresource?: string) => ({
  manager,
  subresource,
  fieldsV1: { 'f:spec': fields } as Record<string, unknown>,
});

describe('fieldOwners', () => {
  const weight: PatchOperation = {
    op: 'replace',
    at: ['spec', 'http', 0, 'route', 1, 'weight'],
    value: 5,
  };
  const limit: PatchOperation = {
    op: 'add',
    at: ['spec', 'policy', 'ejects', 'limit'],
    value: 5,
  };
  const policy: PatchOperation = { op: 'remove', at: ['spec', 'policy'] };

  const owners = (
    operations: PatchOperation[],
    ...managedFields: ReturnType<typeof entry>[]
  ) => {
    const object: KubeObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'a', managedFields },
    };
    return fieldOwners(object, operations);
  };

  it.each<[string, PatchOperation, ReturnType<typeof entry>, string[]]>([
    ['a list, of an item', weight, entry('helm', { 'f:http': {} }), ['helm']],
    [
      'items of a list by what they hold',
      weight,
      entry('helm', { 'f:http': { 'k:{"name":"x"}': { '.': {} } } }),
      ['helm'],
    ],
    ['something else', weight, entry('helm', { 'f:hosts': {} }), []],
    ['all that it is in', limit, entry('helm', { 'f:policy': {} }), ['helm']],
    [
      'a neighbour of it',
      limit,
      entry('helm', { 'f:policy': { 'f:ejects': { 'f:for': {} } } }),
      [],
    ],
    [
      'a part of what goes',
      policy,
      entry('helm', { 'f:policy': { 'f:ejects': { 'f:for': {} } } }),
      ['helm'],
    ],
    [
      'what is only tested',
      { op: 'test', at: ['spec', 'policy'], value: {} },
      entry('helm', { 'f:policy': {} }),
      [],
    ],
    ['it for us', weight, entry('meshdeck', { 'f:http': {} }), []],
    ['a status', weight, entry('istiod', { 'f:http': {} }, 'status'), []],
    [
      'what is scaled',
      policy,
      entry('autoscaler', { 'f:policy': {} }, 'scale'),
      ['autoscaler'],
    ],
    [
      'what every object inherits',
      { op: 'add', at: ['spec', 'toString'], value: 1 },
      entry('helm', { 'f:hosts': {} }),
      [],
    ],
  ])('who owns %s', (_name, operation, managed, expected) => {
    expect(owners([operation], managed)).toEqual(expected);
  });

  it('names each once, and where nobody is named says so', () => {
    const helm = entry('helm', { 'f:http': {} });
    const nobody = { ...helm, manager: undefined as unknown as string };
    expect(
      owners(
        [weight, policy],
        helm,
        entry('argocd', { 'f:policy': {} }),
        helm,
        nobody,
      ),
    ).toEqual(['helm', 'argocd', 'unknown']);
    expect(owners([], helm)).toEqual([]);
  });
});
