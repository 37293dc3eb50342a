import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { PublicCertificates } from './PublicCertificates';

describe('PublicCertificates', () => {
  it.each([
    { namespace: 'istio-system', name: 'public/../../pods/x/exec' },
    { namespace: 'istio-system', name: '..' },
    { namespace: 'istio-system', name: 'Public' },
    { namespace: 'istio-system/pods', name: 'public' },
    { namespace: '', name: 'public' },
  ])('asks a cluster nothing for %j, which is no name', async secret => {
    const sent: string[] = [];
    const certificates = PublicCertificates.create({
      access: {
        clusters: async () => [],
        request: async (_cluster, { path }) => {
          sent.push(path);
          return Response.json({});
        },
      },
      cache: SourceCache.create({
        period: RefreshPeriod.create({ periodMs: 1000 }),
      }),
      deadlineMs: 1000,
    });
    const { endsAt, message } = await certificates.ofGateway('red', {
      ...secret,
      gateway: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        namespace: 'orion',
        name: 'public',
      },
    });
    expect(endsAt).toBeUndefined();
    expect(message).toContain('is no name that a Secret can have');
    expect(sent).toEqual([]);
  });
});
