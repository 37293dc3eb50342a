import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findings, MeshObjects } from '@meshdeck/istio-config';
import { parseAllDocuments } from 'yaml';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import { loadPlatform, objectsOf } from './loadPlatform';
import { prepareObjects } from './prepareObjects';
import { selfSignedCertificate } from './selfSignedCertificate';

const EXAMPLES = join(__dirname, '../../../../examples/platforms');
const NOW = Date.UTC(2026, 0, 10, 12);
const PLATFORMS = ['orion', 'autolytiq', 'docuthinker', 'carbon254', 'zoptal'];

describe('the example platforms', () => {
  const platforms = PLATFORMS.map(name => loadPlatform(join(EXAMPLES, name)));
  const objects = objectsOf(platforms);

  it('share one control plane', () => {
    const named = objects.map(
      ({ kind, metadata }) =>
        `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
    );
    expect(new Set(named).size).toBe(named.length);
    expect(named).toContain('Deployment/istio-system/istiod');
  });

  it('name in their traffic only Services that exist', () => {
    const services = objects
      .filter(({ kind }) => kind === 'Service')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const called = platforms
      .flatMap(({ traffic }) => [
        ...(traffic?.entries ?? []).map(({ to }) => to),
        ...(traffic?.services ?? []).flatMap(({ service, calls }) => [
          service,
          ...calls.map(({ to }) => to),
        ]),
      ])
      .map(({ namespace, name }) => `${namespace}/${name}`);
    expect(services).toEqual(expect.arrayContaining([...new Set(called)]));
  });

  it('bind each labelled Service to an entity of their catalog file', () => {
    const entities = PLATFORMS.flatMap(name =>
      parseAllDocuments(
        readFileSync(join(EXAMPLES, name, 'catalog-info.yaml'), 'utf8'),
      ).map(document => document.toJS()),
    );
    const names = entities.map(
      ({ kind, metadata }) => `${kind}/${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
    const bound = objects.flatMap(
      ({ kind, metadata }) =>
        (kind === 'Service' && metadata.annotations?.['meshdeck.io/entity']) ||
        [],
    );
    for (const ref of bound) {
      expect(names).toContain(ref.replace('component:default/', 'Component/'));
    }
    expect(bound.length).toBeGreaterThan(20);
  });

  it('have the errors that they are meant to have, and no others', () => {
    const { cluster } = examplePlatforms({
      names: PLATFORMS,
      clock: () => NOW,
    });
    const prepared = prepareObjects(cluster.all(), NOW);
    const errors = findings(
      MeshObjects.create(prepared, { now: () => NOW }),
    ).flatMap(({ code, level, resource }) =>
      level === 'error'
        ? [`${code} ${resource.kind} ${resource.namespace}/${resource.name}`]
        : [],
    );
    expect(errors.sort()).toEqual([
      'IST0173 DestinationRule autolytiq/inventory-service',
      'MD0102 VirtualService autolytiq/inventory-service',
    ]);
  });

  it('get weeks of age, and certificates where they ask for one', () => {
    const prepared = prepareObjects(objects, NOW);
    const secret = prepared.find(
      ({ metadata }) => metadata.name === 'orion-tls-credential',
    )!;
    const certificate = new X509Certificate(
      Buffer.from(secret.data['tls.crt'], 'base64'),
    );
    expect(certificate.subjectAltName).toBe('DNS:*.orion.example.com');
    const daysLeft = (Date.parse(certificate.validTo) - NOW) / 86_400_000;
    expect(daysLeft).toBeCloseTo(62, 0);
    expect(secret.metadata.creationTimestamp).toBe('2025-12-13T12:00:00Z');
  });
});

describe('selfSignedCertificate', () => {
  it('is signed by its own key', () => {
    const { certificate, key } = selfSignedCertificate({
      host: 'a.example.com',
      fromMs: NOW,
      days: 30,
    });
    const parsed = new X509Certificate(certificate);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkHost('a.example.com')).toBe('a.example.com');
    expect(key).toContain('PRIVATE KEY');
  });
});
