import { withoutNamed } from './withoutNamed';

describe('withoutNamed', () => {
  it('takes out of sums over all callers what some are known to have sent', () => {
    const series = (labels: Record<string, string>, value: number) => ({
      labels: { destination_service_name: 'cart', ...labels },
      points: [[7, value]] as [number, number][],
    });
    const sums = [
      series({ response_code: '200' }, 10),
      series({ response_code: '302' }, 5),
      series({ response_code: '304' }, 1),
    ];
    const named = [
      series({ response_code: '200', source_workload: 'a' }, 3),
      series({ response_code: '200', source_workload: 'b' }, 4),
      series({ response_code: '304', source_workload: 'b' }, 1.01),
    ];
    expect(
      withoutNamed(sums, named).map(({ points }) => points.at(-1)?.[1]),
    ).toEqual([3, 5, 0]);
  });
});
