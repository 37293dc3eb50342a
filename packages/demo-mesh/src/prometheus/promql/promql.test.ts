import { Queries, QueryData } from '../Queries';
import { ScrapeTimes } from '../ScrapeTimes';
import type { Series, SeriesSource } from '../Series';
import { seriesMatcher } from './matchSeries';
import { QueryError } from './QueryError';

const NOW_S = 100_000;
const START_S = NOW_S - 3_600;

function series(
  labels: Record<string, string>,
  valueAt: (seconds: number) => number,
  fromS = START_S,
): Series {
  return {
    labels,
    fromMs: fromS * 1000,
    valueAt: timeMs => valueAt(timeMs / 1000 - START_S),
  };
}

const perSecond = (rate: number) => (seconds: number) => rate * seconds;

const SERIES: Series[] = [
  series({ __name__: 'requests', service: 'a', code: '200' }, perSecond(8)),
  series({ __name__: 'requests', service: 'a', code: '500' }, perSecond(2)),
  series({ __name__: 'requests', service: 'b', code: '200' }, perSecond(5)),
  series({ __name__: 'young', service: 'a' }, perSecond(1), NOW_S - 20),
  series({ __name__: 'up', service: 'a' }, () => 1),
  series({ __name__: 'up', service: 'b' }, () => 0),
  series({ __name__: 'owner', service: 'a', team: 'red' }, () => 1),
  ...[
    ['10', 2],
    ['50', 8],
    ['100', 9],
    ['+Inf', 10],
  ].map(([le, rate]) =>
    series(
      { __name__: 'took_bucket', service: 'a', le: String(le) },
      perSecond(Number(rate)),
    ),
  ),
];

const source: SeriesSource = {
  select: matchers => {
    const matches = seriesMatcher(matchers);
    return SERIES.filter(({ labels }) => matches(labels));
  },
};
const queries = Queries.create({
  source,
  scrapes: ScrapeTimes.create({
    intervalMs: 15_000,
    clock: () => NOW_S * 1000,
  }),
});

/** A result as lines of `{labels} value`, rounded. */
function shown(data: QueryData): string[] {
  const rounded = (text: string) => {
    const value = Number(text.replace('+Inf', 'Infinity'));
    return Number.isFinite(value) ? String(+value.toFixed(4)) : text;
  };
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    return [rounded(data.result[1])];
  }
  if (data.resultType === 'matrix') {
    return data.result.map(
      ({ metric, values }) =>
        `${JSON.stringify(metric)} ${values
          .map(([, value]) => rounded(value))
          .join(',')}`,
    );
  }
  return data.result.map(({ metric, value }) =>
    `${Object.entries(metric)
      .sort()
      .map(pair => pair.join('='))
      .join(' ')} ${rounded(value[1])}`.trim(),
  );
}

describe('a PromQL query', () => {
  it.each<[string, string[]]>([
    ['count(up{constructor="",toString!~"..*"})', ['2']],
    ['count by (constructor) (up)', ['2']],
    ['42', ['42']],
    ['-2 ^ 2', ['-4']],
    ['2 ^ 3 ^ 2', ['512']],
    ['1 + 2 * 3 == bool 7', ['1']],
    ['1h', ['3600']],
    ['"text"', ['text']],
    ['time()', ['100000']],
    ['vector(3) / 0', ['+Inf']],
    ['up', ['__name__=up service=a 1', '__name__=up service=b 0']],
    ['up{service!="a"}', ['__name__=up service=b 0']],
    ['up{service=~"a|c"}', ['__name__=up service=a 1']],
    ['up{service=~"a.+"}', []],
    ['up{service!~"a.*"}', ['__name__=up service=b 0']],
    ['up{team=""}', ['__name__=up service=a 1', '__name__=up service=b 0']],
    ['{__name__=~"own.*"}', ['__name__=owner service=a team=red 1']],
    ['nothing', []],
    ['up offset 2h', []],
    ['up > 0', ['__name__=up service=a 1']],
    ['0 < up', ['__name__=up service=a 1']],
    ['up == bool 0', ['service=a 0', 'service=b 1']],
    ['-up{service="a"}', ['service=a -1']],
    [
      'rate(requests[5m])',
      ['code=200 service=a 8', 'code=500 service=a 2', 'code=200 service=b 5'],
    ],
    ['irate(requests{service="b"}[5m])', ['code=200 service=b 5']],
    ['increase(requests{service="b"}[5m])', ['code=200 service=b 1500']],
    ['rate(young[5m])', []],
    ['sum(rate(requests[5m]))', ['15']],
    ['sum by (service) (rate(requests[5m]))', ['service=a 10', 'service=b 5']],
    ['avg(rate(requests[5m])) without (code)', ['service=a 5', 'service=b 5']],
    ['min(rate(requests[5m]))', ['2']],
    ['max(rate(requests[5m]))', ['8']],
    ['count(requests) by (code)', ['code=200 2', 'code=500 1']],
    ['topk(1, rate(requests[5m]))', ['code=200 service=a 8']],
    ['bottomk(1, rate(requests[5m]))', ['code=500 service=a 2']],
    [
      'topk by (service) (1, up)',
      ['__name__=up service=a 1', '__name__=up service=b 0'],
    ],
    [
      'sum(rate(requests{code="500"}[5m])) by (service) / sum(rate(requests[5m])) by (service)',
      ['service=a 0.2'],
    ],
    [
      'rate(requests[5m]) / on (service) group_left sum by (service) (rate(requests[5m]))',
      [
        'code=200 service=a 0.8',
        'code=500 service=a 0.2',
        'code=200 service=b 1',
      ],
    ],
    ['up * on (service) group_left (team) owner', ['service=a team=red 1']],
    ['owner * ignoring (team) up', ['service=a 1']],
    ['up and owner', []],
    ['up and on (service) owner', ['__name__=up service=a 1']],
    ['up unless on (service) owner', ['__name__=up service=b 0']],
    [
      'up{service="b"} or on (service) owner',
      ['__name__=up service=b 0', '__name__=owner service=a team=red 1'],
    ],
    ['nothing or vector(0)', ['0']],
    ['absent(nothing{service="x"})', ['service=x 1']],
    ['absent(up)', []],
    ['clamp_max(rate(requests{service="b"}[5m]), 3)', ['code=200 service=b 3']],
    ['clamp_min(up, 0.5)', ['service=a 1', 'service=b 0.5']],
    ['round(vector(2.345), 0.01)', ['2.35']],
    ['round(vector(-2.5))', ['-2']],
    ['abs(-up)', ['service=a 1', 'service=b 0']],
    ['scalar(owner) + 1', ['2']],
    [
      'label_replace(owner, "letter", "$1!", "service", "(.)")',
      ['__name__=owner letter=a! service=a team=red 1'],
    ],
    ['histogram_quantile(0.5, rate(took_bucket[5m]))', ['service=a 30']],
    ['histogram_quantile(0.99, rate(took_bucket[5m]))', ['service=a 100']],
    ['histogram_quantile(0.1, sum by (le) (rate(took_bucket[5m])))', ['5']],
    ['histogram_quantile(2, rate(took_bucket[5m]))', ['service=a +Inf']],
  ])('%s', (query, expected) => {
    expect(shown(queries.instant(query, NOW_S * 1000))).toEqual(expected);
  });

  it.each<[string, QueryError['errorType'], RegExp]>([
    ['', 'bad_data', /no expression found in input/],
    ['sum(', 'bad_data', /1:5: parse error: unexpected end of input/],
    ['up{service=}', 'bad_data', /parse error: unexpected "}"/],
    ['up{}}', 'bad_data', /parse error/],
    ['{service=~".*"}', 'bad_data', /at least one non-empty matcher/],
    [
      'rate(requests)',
      'bad_data',
      /expected type range vector in call to function "rate", got instant vector/,
    ],
    [
      'sum(1)',
      'bad_data',
      /expected type instant vector in aggregation expression, got scalar/,
    ],
    ['1 and 2', 'bad_data', /set operator "and" not allowed/],
    ['1 == 2', 'bad_data', /must use BOOL modifier/],
    [
      'round()',
      'bad_data',
      /expected 1 argument\(s\) in call to "round", got 0/,
    ],
    ['deriv(requests[5m])', 'bad_data', /deriv is not supported/],
    ['rate(requests[5m:1m])', 'bad_data', /SubqueryExpr is not supported/],
    ['up{service=~"(?=a)"}', 'bad_data', /unsupported Perl syntax/],
    ['up{service=~"("}', 'bad_data', /error parsing regexp/],
    [`up{service=~"${'a'.repeat(1_001)}"}`, 'bad_data', /longer than 1000/],
    [
      'requests / on (service) owner',
      'execution',
      /multiple matches for labels/,
    ],
    [
      'label_replace(up, "0", "x", "service", ".*")',
      'execution',
      /invalid destination label name/,
    ],
  ])('%s is refused', (query, errorType, message) => {
    let error: unknown;
    try {
      queries.instant(query, NOW_S * 1000);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      errorType,
      message: expect.stringMatching(message),
    });
  });

  it('steps through a range, and leaves out what is not there yet', () => {
    const window = {
      startMs: (NOW_S - 60) * 1000,
      endMs: NOW_S * 1000,
      stepMs: 20_000,
    };
    expect(shown(queries.range('young', window))).toEqual([
      '{"__name__":"young","service":"a"} 3590',
    ]);
    expect(shown(queries.range('1 + 1', window))).toEqual(['{} 2,2,2,2']);
  });

  it('reaches only to the first sample of a series that began within the window', () => {
    const began = Queries.create({
      source: {
        select: () => [
          series({ __name__: 'new' }, s => s - 3_300, START_S + 3_300),
        ],
      },
      scrapes: ScrapeTimes.create({
        intervalMs: 15_000,
        clock: () => NOW_S * 1000,
      }),
    });
    const [line] = shown(began.instant('increase(new[10m])', NOW_S * 1000));
    expect(Number(line)).toBeGreaterThan(290);
    expect(Number(line)).toBeLessThan(310);
  });

  it('gives the samples themselves for a range', () => {
    expect(shown(queries.instant('up{service="b"}[1m]', NOW_S * 1000))).toEqual(
      ['{"__name__":"up","service":"b"} 0,0,0,0'],
    );
  });
});
