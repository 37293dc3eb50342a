import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeLines } from '../__testUtils__/routeLines';
import { setFromYaml } from '../setFromYaml';
import { effectiveRoutes } from './effectiveRoutes';
import { matchRequest } from './matchRequest';

const DOCS = join(__dirname, '../../../../docs/istio-rules.md');

/** The fenced blocks of a section, by their language. */
function blocksOf(section: string): Map<string, string> {
  const text = readFileSync(DOCS, 'utf8');
  const start = text.indexOf(`\n## ${section}\n`);
  const end = text.indexOf('\n## ', start + 1);
  const blocks = text
    .slice(start, end < 0 ? undefined : end)
    .matchAll(/```(\w+)\n(.*?)```/gs);
  return new Map([...blocks].map(([, language, body]) => [language, body]));
}

describe('docs/istio-rules.md, Routes', () => {
  it('says what its example gives', () => {
    const blocks = blocksOf('Routes');
    const from = { type: 'mesh', namespace: 'shop' } as const;
    const routes = effectiveRoutes(setFromYaml(blocks.get('yaml')!), {
      namespace: 'shop',
      service: 'reviews',
      from,
    });
    const { rule, why, skipped } = matchRequest(
      routes,
      { method: 'GET', path: '/api' },
      from,
    );
    expect(blocks.get('text')!.trim().split('\n')).toEqual([
      ...routeLines(routes).map((line, index) => `${index + 1}. ${line}`),
      `taken: ${rule!.index + 1}, ${why}`,
      ...skipped.map(entry => `not ${entry.rule.index + 1}: ${entry.why}`),
    ]);
  });
});
