import type { Contract } from './Contract';
import { MERGE } from './ApiClient';
import { virtualService } from './objects';

const query = (parameters: Record<string, string>) =>
  `?${new URLSearchParams(parameters)}`;

export function watchCases({ group, check, context }: Contract): void {
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

  group('watch', () => {
    check('without a version begins with what there is', async () => {
      const { api, paths } = context();
      await create('a');
      const watch = await api.watch(`${paths.virtualServices}?watch=true`);
      expect(watch.status).toBe(200);
      expect(await watch.names(1)).toEqual(['ADDED a']);
      await create('b');
      expect(await watch.names(1)).toEqual(['ADDED b']);
      watch.close();
    });

    check('from a version tells what happened since, in order', async () => {
      const { api, paths } = context();
      await create('before');
      const list = await api.get(paths.virtualServices);
      await create('a');
      await api.patch(`${paths.virtualServices}/a`, MERGE, {
        spec: { hosts: ['x'] },
      });
      await api.delete(`${paths.virtualServices}/a`);
      await create('b');
      const watch = await api.watch(
        `${paths.virtualServices}${query({
          watch: '1',
          resourceVersion: list.body.metadata.resourceVersion,
        })}`,
      );
      expect(await watch.names(4)).toEqual([
        'ADDED a',
        'MODIFIED a',
        'DELETED a',
        'ADDED b',
      ]);
      watch.close();
    });

    check('gives each event the version to go on from', async () => {
      const { api, paths } = context();
      const created = await create('a');
      const watch = await api.watch(
        `${paths.virtualServices}${query({
          watch: '1',
          resourceVersion: created.metadata.resourceVersion,
        })}`,
      );
      await api.delete(`${paths.virtualServices}/a`);
      const { type, object } = await watch.next();
      expect(type).toBe('DELETED');
      expect(object.spec).toEqual({ hosts: ['a'] });
      expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(
        Number(created.metadata.resourceVersion),
      );
      watch.close();
    });

    check(
      'with a selector sees objects come and go with their labels',
      async () => {
        const { api, paths } = context();
        const labelled = (team: string) =>
          api.patch(`${paths.virtualServices}/a`, MERGE, {
            metadata: { labels: { team } },
          });
        const { metadata } = await create('a', { team: 'y' });
        const watch = await api.watch(
          `${paths.virtualServices}${query({
            watch: 'true',
            labelSelector: 'team=x',
            resourceVersion: metadata.resourceVersion,
          })}`,
        );
        await create('other', { team: 'y' });
        await labelled('x');
        await api.patch(`${paths.virtualServices}/a`, MERGE, {
          spec: { hosts: ['changed'] },
        });
        const left = await labelled('y');
        await labelled('x');
        await api.delete(`${paths.virtualServices}/a`);
        expect(await watch.names(2)).toEqual(['ADDED a', 'MODIFIED a']);
        const gone = await watch.next();
        expect(gone.type).toBe('DELETED');
        expect(gone.object.metadata.labels).toEqual({ team: 'x' });
        expect(gone.object.metadata.resourceVersion).toBe(
          left.body.metadata.resourceVersion,
        );
        expect(await watch.names(2)).toEqual(['ADDED a', 'DELETED a']);
        watch.close();
      },
    );

    check('of one name sees nothing of the others', async () => {
      const { api, paths } = context();
      const list = await api.get(paths.virtualServices);
      const watch = await api.watch(
        `${paths.virtualServices}${query({
          watch: 'true',
          fieldSelector: 'metadata.name=b',
          resourceVersion: list.body.metadata.resourceVersion,
        })}`,
      );
      await create('a');
      await create('b');
      expect(await watch.names(1)).toEqual(['ADDED b']);
      watch.close();
    });

    check('ends when it was told to', async () => {
      const { api, paths } = context();
      const list = await api.get(paths.virtualServices);
      await create('a');
      const watch = await api.watch(
        `${paths.virtualServices}${query({
          watch: 'true',
          allowWatchBookmarks: 'true',
          timeoutSeconds: '1',
          resourceVersion: list.body.metadata.resourceVersion,
        })}`,
      );
      expect(await watch.names(1)).toEqual(['ADDED a']);
      await watch.ended;
    });

    check('from a version long gone tells so', async () => {
      const { api, paths } = context();
      await create('a');
      const watch = await api.watch(
        `${paths.virtualServices}?watch=true&resourceVersion=1`,
      );
      expect(await watch.next()).toMatchObject({
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(
            /^too old resource version: 1 \(\d+\)$/,
          ),
        },
      });
      await watch.ended;
    });

    check('tells nothing of a dry run', async () => {
      const { api, paths } = context();
      const { metadata } = await create('a');
      const watch = await api.watch(
        `${paths.virtualServices}${query({
          watch: 'true',
          resourceVersion: metadata.resourceVersion,
        })}`,
      );
      await api.delete(`${paths.virtualServices}/a?dryRun=All`);
      await create('b');
      expect(await watch.names(1)).toEqual(['ADDED b']);
      watch.close();
    });

    check('refuses a version that is none', async () => {
      const { api, paths } = context();
      const { body } = await api.get(
        `${paths.virtualServices}?watch=true&resourceVersion=abc`,
      );
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        message: expect.stringContaining(
          'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        ),
      });
    });
  });
}
