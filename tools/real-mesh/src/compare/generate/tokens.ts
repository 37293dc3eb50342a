import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, KEYS, ONE, TWO } from '../places';
import type { Ask } from '../Trial';
import { ask } from './requests';
import { sometimes } from './sometimes';
import { GATEWAYS } from './virtualServices';

const ISSUERS = ['one.test', 'https://two.test/x'];

const jwtRule = fc
  .record({
    issuer: fc.constantFrom(...ISSUERS),
    audiences: sometimes(fc.constantFrom(['api'], ['web', 'other']), 2),
    forwardOriginalToken: sometimes(fc.boolean(), 1),
    spaceDelimitedClaims: sometimes(fc.constant(['teams']), 3),
  })
  .map(rule => ({ ...rule, jwks: KEYS }));

/** Who reads tokens, at pods and at the gateway. */
export const requestAuthentication = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE, EDGE, 'istio-system'),
    name: fc.constantFrom('tokens', 'more'),
    selector: sometimes(
      fc.constantFrom(
        { matchLabels: { app: 'a' } },
        { matchLabels: { istio: 'compare-edge' } },
      ),
      2,
    ),
    jwtRules: fc.array(jwtRule, { minLength: 1, maxLength: 2 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('RequestAuthentication', place, name, spec),
  );

const principals = fc.constantFrom(
  ['*'],
  ['one.test/*'],
  ['one.test/anna'],
  ['*/ben'],
  ['https://two.test/x/anna'],
);
const source = fc.oneof(
  principals.map(requestPrincipals => ({ requestPrincipals })),
  principals.map(notRequestPrincipals => ({ notRequestPrincipals })),
);
const key = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'request.auth.claims[groups]',
        'request.auth.claims[scope]',
        'request.auth.claims[teams]',
        'request.auth.claims[realm][roles]',
      ),
      fc.constantFrom(['ops'], ['dev', 'read'], ['o*'], ['read write']),
    )
    .map(([name, values]) => ({ name, values })),
  fc.constantFrom(
    { name: 'request.auth.audiences', values: ['api'] },
    { name: 'request.auth.presenter', values: ['portal'] },
    { name: 'request.auth.principal', values: ['one.test/anna'] },
  ),
);
const when = fc
  .tuple(key, fc.boolean())
  .map(([{ name, values }, isWanted]) => ({
    key: name,
    ...(isWanted ? { values } : { notValues: values }),
  }));
const accessRule = fc.record({
  from: sometimes(
    source.map(one => [{ source: one }]),
    1,
  ),
  to: sometimes(
    fc.constantFrom(
      [{ operation: { methods: ['GET'] } }],
      [{ operation: { paths: ['/a*'] } }],
    ),
    2,
  ),
  when: sometimes(fc.array(when, { minLength: 1, maxLength: 2 }), 1),
});

/** Who may do what by their tokens, and what is asked of somebody whom the mesh does not know. */
export const tokenPolicy = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE, 'istio-system'),
    name: fc.constantFrom('access', 'other'),
    action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'DENY', 'CUSTOM'),
    selector: sometimes(fc.constant({ matchLabels: { app: 'a' } }), 1),
    rules: fc.array(accessRule, { minLength: 1, maxLength: 2 }),
    provider: fc.constantFrom({ name: 'nobody' }, { name: 'nobody-else' }),
  })
  .map(({ place, name, provider, ...spec }) =>
    istio('AuthorizationPolicy', place, name, {
      ...spec,
      ...(spec.action === 'CUSTOM' ? { provider } : {}),
    }),
  );

const claims = fc.dictionary(
  fc.constantFrom(
    '@request.auth.claims.groups',
    '@request.auth.claims[realm][roles]',
    '@request.auth.claims.realm.roles',
    '@request.auth.claims.sub',
    '@request.auth.claims.none',
  ),
  fc.constantFrom(
    { exact: 'ops' },
    { exact: 'anna' },
    { prefix: 'o' },
    { regex: 'd.*|b.*' },
  ),
  { minKeys: 1, maxKeys: 2 },
);
const claimRule = fc
  .record({
    match: sometimes(
      fc.oneof(
        claims.map(headers => [{ headers }]),
        claims.map(withoutHeaders => [{ withoutHeaders }]),
      ),
      1,
    ),
    host: fc.constantFrom(
      'a.compare-one.svc.cluster.local',
      'b.compare-one.svc.cluster.local',
    ),
  })
  .map(({ match, host }) => ({
    match,
    route: [{ destination: { host, port: { number: 80 } } }],
  }));

/** VirtualServices that route by claims. */
export const claimVirtualService = fc
  .record({
    place: fc.constantFrom(ONE, EDGE),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.constantFrom(
      ['a.compare-one.svc.cluster.local'],
      ['a.example.com'],
      ['*.example.com'],
    ),
    gateways: fc.constantFrom(...GATEWAYS),
    http: fc.array(claimRule, { minLength: 1, maxLength: 3 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

const token = fc
  .record({
    claims: fc.record({
      iss: fc.constantFrom(...ISSUERS, ...ISSUERS, 'nobody.test'),
      sub: fc.constantFrom('anna', 'ben'),
      aud: sometimes(fc.constantFrom('api', 'web', ['api', 'other']), 1),
      azp: sometimes(fc.constant('portal'), 2),
      groups: sometimes(fc.constantFrom(['ops'], ['dev', 'ops'], 'dev'), 1),
      scope: sometimes(fc.constantFrom('read write', 'read'), 2),
      teams: sometimes(fc.constant('dev ops'), 2),
      realm: sometimes(fc.constant({ roles: ['ops'] }), 2),
    }),
    flaw: sometimes(
      fc.constantFrom({ isValid: false }, { isExpired: true }),
      5,
    ),
  })
  .map(({ claims: said, flaw }) => ({
    claims: JSON.parse(JSON.stringify(said)),
    ...flaw,
  }));

/** As of the others, most of them with a token. */
export const tokenAsk: fc.Arbitrary<Ask> = fc
  .tuple(ask, fc.option(token, { freq: 5, nil: undefined }))
  .map(([one, jwt]) => ({ ...one, ...(jwt ? { jwt } : {}) }));
