import { alertsAbout } from './alertsAbout';

describe('alertsAbout', () => {
  const alert = (labels: Record<string, string>) => ({
    name: 'A',
    state: 'firing' as const,
    labels,
    annotations: {},
  });

  it.each([
    [{ destination_service_name: 'shop', namespace: 'a' }, true],
    [
      {
        destination_service_name: 'shop',
        destination_service_namespace: 'a',
        namespace: 'monitoring',
      },
      true,
    ],
    [{ service: 'shop', namespace: 'a' }, true],
    [{ cluster_name: 'outbound|80|v1|shop.a.svc.cluster.local' }, true],
    [{ destination_service: 'shop.a.svc.mesh.example' }, true],
    [{ service: 'shop' }, false],
    [{ destination_service_name: 'shop', namespace: 'b' }, false],
    [{ cluster_name: 'outbound|80||shop.ab.svc.cluster.local' }, false],
    [{ cluster_name: 'shop' }, false],
    [{}, false],
  ] as [Record<string, string>, boolean][])(
    'takes %j as about a/shop: %s',
    (labels, isAbout) => {
      expect(
        alertsAbout({ namespace: 'a', service: 'shop' }, [alert(labels)]),
      ).toHaveLength(isAbout ? 1 : 0);
    },
  );

  it.each([
    ['page', 'error'],
    ['critical', 'error'],
    [undefined, 'error'],
    ['Warning', 'warning'],
    ['info', 'warning'],
  ])('takes the severity %s for an %s', (severity, level) => {
    const [about] = alertsAbout({ namespace: 'a', service: 'shop' }, [
      alert({
        service: 'shop',
        namespace: 'a',
        ...(severity ? { severity } : {}),
      }),
    ]);
    expect(about.level).toBe(level);
  });
});
