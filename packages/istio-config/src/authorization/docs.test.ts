import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRef } from '../kube/KubeObject';
import { connection } from '../mtls/connection';
import { effectiveMtls } from '../mtls/effectiveMtls';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { evaluateAccess } from './evaluateAccess';
import type { AccessRequest } from './types';

const DOCS = join(__dirname, '../../../../docs/istio-rules.md');

/** The objects of a section's example, and the lines of its result. */
function exampleOf(section: string) {
  const [, body] = readFileSync(DOCS, 'utf8').split(`\n## ${section}\n`);
  const block = (language: string) =>
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(body)![1];
  return {
    set: setFromYaml(block('yaml')),
    lines: block('text').trim().split('\n'),
  };
}

describe('docs/istio-rules.md', () => {
  it('says of mTLS what its example gives', () => {
    const { set, lines } = exampleOf('mTLS');
    const workload = findWorkload(set, 'shop', 'orders')!;
    const demands = [8080, 9090].map(port => {
      const { mode, decidedBy, chain } = effectiveMtls(set, workload, port);
      const steps = chain.map(link => `${link.level} ${link.mode}`);
      return `${port}: ${mode} by ${describeRef(decidedBy!)} (${steps.join(
        ', ',
      )})`;
    });
    const ends = ['web', 'cron'].map(name => {
      const { outcome, why } = connection(
        set,
        findWorkload(set, 'shop', name),
        {
          workload,
          service: { namespace: 'shop', name: 'orders' },
          port: 8080,
        },
      );
      return `${name}: ${outcome}, ${why}`;
    });
    expect([...demands, ...ends]).toEqual(lines);
  });

  it('says of authorization what its example gives', () => {
    const { set, lines } = exampleOf('Authorization');
    const ask = (words: string, request: Partial<AccessRequest>) => {
      const [method, path] = words.split(/,? /);
      const { allowed, status, reason } = evaluateAccess(
        set,
        { namespace: 'shop', labels: { app: 'orders' } },
        {
          principal: 'cluster.local/ns/shop/sa/web',
          port: 8080,
          method,
          path,
          ...request,
        },
      );
      const outcome = [allowed ? 'allowed' : 'denied', status];
      return `${words}: ${outcome.filter(Boolean).join(' ')}, ${reason}`;
    };
    const token = (iss: string) => ({
      jwt: { claims: { iss, sub: 'kim', roles: ['clerk'] } },
    });
    expect([
      ask('GET /orders/7', {}),
      ask('GET /orders/admin', {}),
      ask('POST /orders', {}),
      ask("POST /orders, a clerk's token", token('https://id.example')),
      ask('POST /orders, a token of another issuer', token('other')),
    ]).toEqual(lines);
  });
});
