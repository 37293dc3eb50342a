import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

interface Claim {
  object: KubeObject;
  protocol: string;
}

/** Several ServiceEntries give one host's port different protocols. */
export const conflictingProtocols = defineFinding({
  code: 'IST0177',
  level: 'warning',
  scope: 'mesh',
  inputs: ['ServiceEntry'],
  source:
    'istio: pkg/config/analysis/analyzers/serviceentry/conflictingserviceentries.go',
  *find({ ServiceEntry: entries }) {
    const claims = new Map<string, Claim[]>();
    for (const object of entries) {
      for (const key of keysOf(object)) {
        claims.set(key.id, [
          ...(claims.get(key.id) ?? []),
          { object, protocol: key.protocol },
        ]);
      }
    }
    const reported = new Set<KubeObject>();
    for (const id of [...claims.keys()].sort()) {
      const [scope, host, port] = id.split(' ');
      const together = [
        ...(claims.get(id) ?? []),
        ...(scope === '*' ? [] : claims.get(`* ${host} ${port}`) ?? []),
      ];
      const protocols = [...new Set(together.map(({ protocol }) => protocol))];
      if (protocols.length < 2) {
        continue;
      }
      for (const { object } of together) {
        if (reported.has(object)) {
          continue;
        }
        reported.add(object);
        const others = new Set(
          together
            .filter(claim => claim.object !== object)
            .map(claim => fullNameOf(claim.object)),
        );
        yield {
          resource: object,
          message: `${
            others.size ? [...others].sort().join(', ') : 'Another port'
          } gives port ${port} of ${host} another protocol (${protocols
            .sort()
            .join(', ')}): which one counts is not defined.`,
          fix: 'Use one protocol for the host and port, or limit the entries with exportTo.',
        };
      }
    }
  },
});

function keysOf(object: KubeObject): { id: string; protocol: string }[] {
  const exportTo = textsOf(object.spec?.exportTo);
  const scopes =
    exportTo.length === 0 || exportTo.includes('*')
      ? ['*']
      : [
          ...new Set(
            exportTo.map(scope =>
              scope === '.' ? namespaceOf(object) : scope,
            ),
          ),
        ];
  return scopes.flatMap(scope =>
    textsOf(object.spec?.hosts).flatMap(host =>
      itemsOf(object.spec?.ports).map(port => ({
        id: `${scope} ${host} ${port?.number}`,
        protocol: String(port?.protocol ?? '').toUpperCase(),
      })),
    ),
  );
}
