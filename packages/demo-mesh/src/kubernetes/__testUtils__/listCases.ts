import type { Contract } from './Contract';
import { MERGE } from './ApiClient';
import { configMap, virtualService } from './objects';

const query = (parameters: Record<string, string>) =>
  `?${new URLSearchParams(parameters)}`;

export function listCases({ group, check, context }: Contract): void {
  async function names(path: string): Promise<string[]> {
    const { body } = await context().api.get(path);
    return body.items.map((item: any) => item.metadata.name);
  }

  async function create(
    name: string,
    labels: Record<string, string> = {},
  ): Promise<any> {
    const { api, paths } = context();
    const { body } = await api.post(
      paths.virtualServices,
      virtualService(name, undefined, { labels }),
    );
    return body;
  }

  group('list', () => {
    check('has a kind, a version and its objects in order', async () => {
      const { api, paths } = context();
      for (const name of ['b', 'a', 'c']) await create(name);
      const { body } = await api.get(paths.virtualServices);
      expect(body).toMatchObject({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualServiceList',
        metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
      });
      expect(body.items.map((item: any) => item.metadata.name)).toEqual([
        'a',
        'b',
        'c',
      ]);
      expect(body.items[0].kind).toBe('VirtualService');
    });

    check('of a built-in kind leaves the kind out of its items', async () => {
      const { api, paths } = context();
      await api.post(paths.configMaps, configMap('one'));
      const { body } = await api.get(
        `${paths.configMaps}${query({ fieldSelector: 'metadata.name=one' })}`,
      );
      expect(body.kind).toBe('ConfigMapList');
      expect(body.items).toHaveLength(1);
      expect(body.items[0]).not.toHaveProperty('kind');
    });

    check('across namespaces finds this one', async () => {
      const { paths } = context();
      await create('everywhere-to-be-seen');
      const all = await names(
        `/apis/networking.istio.io/v1/virtualservices${query({
          fieldSelector: `metadata.name=everywhere-to-be-seen,metadata.namespace=${paths.namespace}`,
        })}`,
      );
      expect(all).toEqual(['everywhere-to-be-seen']);
    });

    check.each([
      ['team=x', ['a', 'b']],
      ['team==x,tier=web', ['a']],
      ['team!=x', ['c', 'd']],
      ['team in (x, y)', ['a', 'b', 'c']],
      ['team notin (x)', ['c', 'd']],
      ['tier', ['a']],
      ['!team', ['d']],
      ['team,!tier', ['b', 'c']],
    ])('selects by labels: %s', async (labelSelector, expected) => {
      const { paths } = context();
      await create('a', { team: 'x', tier: 'web' });
      await create('b', { team: 'x' });
      await create('c', { team: 'y' });
      await create('d');
      expect(
        await names(`${paths.virtualServices}${query({ labelSelector })}`),
      ).toEqual(expected);
    });

    check('selects by name', async () => {
      const { paths } = context();
      await create('a');
      await create('b');
      expect(
        await names(
          `${paths.virtualServices}${query({
            fieldSelector: 'metadata.name!=a',
          })}`,
        ),
      ).toEqual(['b']);
    });

    check.each<Record<string, string>>([
      { labelSelector: 'a b c' },
      { fieldSelector: 'spec.unknown=1' },
      { fieldSelector: 'metadata.name' },
    ])('refuses the selector %j', async selector => {
      const { api, paths } = context();
      const { body } = await api.get(
        `${paths.virtualServices}${query(selector)}`,
      );
      expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });

    check('comes in pages that all show the moment of the first', async () => {
      const { api, paths } = context();
      for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
      const first = await api.get(`${paths.virtualServices}?limit=2`);
      expect(first.body.items).toHaveLength(2);
      expect(first.body.metadata.remainingItemCount).toBe(3);
      await api.delete(`${paths.virtualServices}/c`);
      await create('bb');
      await api.patch(`${paths.virtualServices}/d`, MERGE, {
        spec: { hosts: ['changed'] },
      });
      const second = await api.get(
        `${paths.virtualServices}${query({
          limit: '2',
          continue: first.body.metadata.continue,
        })}`,
      );
      expect(second.body.items.map((item: any) => item.metadata.name)).toEqual([
        'c',
        'd',
      ]);
      expect(second.body.items[1].spec.hosts).toEqual(['d']);
      expect(second.body.metadata.resourceVersion).toBe(
        first.body.metadata.resourceVersion,
      );
      const last = await api.get(
        `${paths.virtualServices}${query({
          limit: '2',
          continue: second.body.metadata.continue,
        })}`,
      );
      expect(last.body.items.map((item: any) => item.metadata.name)).toEqual([
        'e',
      ]);
      expect(last.body.metadata.continue ?? '').toBe('');
    });

    check('refuses a token that is none', async () => {
      const { api, paths } = context();
      const { body } = await api.get(
        `${paths.virtualServices}?continue=nonsense`,
      );
      expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    });

    check('does not know a version from the future', async () => {
      const { api, paths } = context();
      const { body } = await api.get(
        `${paths.virtualServices}?resourceVersion=900000000000000`,
      );
      expect(body).toMatchObject({ code: 504, reason: 'Timeout' });
    });
  });

  group('tables', () => {
    const Accept =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

    check('show a list in columns', async () => {
      const { api, paths } = context();
      await create('a');
      const { body } = await api.get(paths.virtualServices, {
        headers: { Accept },
      });
      expect(body).toMatchObject({
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
      });
      const columns = body.columnDefinitions.map((column: any) => column.name);
      expect(columns).toEqual(['Name', 'Gateways', 'Hosts', 'Age']);
      expect(body.rows).toHaveLength(1);
      expect(body.rows[0].cells[0]).toBe('a');
      expect(body.rows[0].cells[2]).toBe('["a"]');
      expect(body.rows[0].object).toMatchObject({
        kind: 'PartialObjectMetadata',
        metadata: { name: 'a' },
      });
    });

    check('show each event of a watch in a row', async () => {
      const { api, paths } = context();
      await create('a');
      const watch = await api.watch(`${paths.virtualServices}?watch=true`, {
        Accept,
      });
      const { type, object } = await watch.next();
      expect(type).toBe('ADDED');
      expect(object).toMatchObject({ kind: 'Table', rows: [{}] });
      expect(object.rows[0].cells[0]).toBe('a');
      watch.close();
    });
  });
}
