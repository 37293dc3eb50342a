import type { Labels } from '../traffic/metrics/labels';
import { METRIC_HELP } from '../traffic/metrics/meters';
import { numberText } from './Queries';
import type { SeriesSource } from './Series';

const prefixes = new WeakMap<Labels, string>();

/**
 * The values of all series at one time in Prometheus' text format, for a real Prometheus to scrape (with `honor_labels`,
 * since the proxies' own `job` and `instance` are in it). With `dated`, each says of which time it is, as cAdvisor's do.
 */
export function exposition(
  source: SeriesSource,
  atMs: number,
  options: { dated?: boolean } = {},
): string {
  const date = options.dated ? ` ${atMs}` : '';
  const families = new Map<string, string[]>();
  const series = source.select([
    { label: '__name__', operator: '!=', value: '' },
  ]);
  for (const { labels, fromMs, valueAt } of series) {
    if (labels.__name__ === 'up' || fromMs > atMs) {
      continue;
    }
    const family = familyOf(labels.__name__);
    const lines = families.get(family) ?? [];
    families.set(family, lines);
    lines.push(`${prefixOf(labels)} ${numberText(valueAt(atMs))}${date}`);
  }
  return [...families]
    .map(([family, lines]) => {
      const { help, type } = METRIC_HELP[family] ?? {
        help: 'A state.',
        type: 'gauge',
      };
      return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n${lines.join(
        '\n',
      )}\n`;
    })
    .join('');
}

function familyOf(name: string): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return METRIC_HELP[base]?.type === 'histogram' ? base : name;
}

function prefixOf(labels: Labels): string {
  let prefix = prefixes.get(labels);
  if (prefix === undefined) {
    const pairs = Object.entries(labels)
      .filter(([name, value]) => name !== '__name__' && value !== '')
      .map(([name, value]) => `${name}="${escaped(value)}"`);
    prefix = `${labels.__name__}{${pairs.join(',')}}`;
    prefixes.set(labels, prefix);
  }
  return prefix;
}

function escaped(value: string): string {
  return value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n');
}
