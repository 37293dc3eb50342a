import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { type Ask, keyOf, type Trial } from '../Trial';
import { EDGE } from '../places';
import {
  connectionGateways,
  connectionKindAsk,
  tcpRoute,
  tlsRoute,
} from './connectionKinds';
import {
  connectionAsk,
  connectionServers,
  connectionVirtualService,
} from './connections';
import { destinationRule } from './destinationRules';
import { effectAsk, effectHttpRoute, effectVirtualService } from './effects';
import {
  headlessAsk,
  headlessDestinationRule,
  headlessVirtualService,
} from './headless';
import {
  httpRoute,
  KUBERNETES_PORT,
  kubernetesAsk,
  kubernetesGateway,
  referenceGrant,
} from './gatewayApi';
import { gateways } from './gateways';
import { grpcAsk, grpcRoute } from './grpcRoutes';
import { httpsAsk, httpsGateways } from './https';
import {
  nearAsk,
  nearDestinationRule,
  nearService,
  nearVirtualService,
} from './nearServices';
import { authorizationPolicy, peerAuthentication } from './policies';
import { ask } from './requests';
import {
  entryAsk,
  entryDestinationRule,
  entryVirtualService,
  overlappingServiceEntry,
  serviceEntry,
} from './serviceEntries';
import { entrySidecar, sidecar } from './sidecars';
import {
  claimVirtualService,
  requestAuthentication,
  tokenAsk,
  tokenPolicy,
} from './tokens';
import { delegate, virtualService } from './virtualServices';

const object: fc.Arbitrary<AnyObject> = fc.oneof(
  { weight: 8, arbitrary: virtualService },
  { weight: 2, arbitrary: delegate },
  { weight: 5, arbitrary: destinationRule },
  { weight: 2, arbitrary: peerAuthentication },
  { weight: 3, arbitrary: authorizationPolicy },
  { weight: 1, arbitrary: sidecar },
  { weight: 2, arbitrary: serviceEntry },
);

/** Configurations of some kind, and what is asked of them. */
interface Theme {
  gateways: fc.Arbitrary<AnyObject[]>;
  object: fc.Arbitrary<AnyObject>;
  ask: fc.Arbitrary<Ask>;
}

const requests: Theme = { gateways, object, ask };
const connections: Theme = {
  gateways: fc
    .tuple(gateways, connectionServers)
    .map(([[web, ...others], servers]) => [
      {
        ...web,
        spec: { ...web.spec, servers: [...web.spec.servers, ...servers] },
      },
      ...others,
    ]),
  object: fc.oneof(
    { weight: 6, arbitrary: connectionVirtualService },
    { weight: 3, arbitrary: destinationRule },
    { weight: 1, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: authorizationPolicy },
    { weight: 1, arbitrary: sidecar },
  ),
  ask: connectionAsk,
};

const routes: Theme = {
  gateways: fc
    .tuple(gateways, kubernetesGateway)
    .map(([served, own]) => [...served, own]),
  object: fc.oneof(
    { weight: 8, arbitrary: httpRoute },
    { weight: 2, arbitrary: referenceGrant },
    { weight: 2, arbitrary: virtualService },
    { weight: 1, arbitrary: destinationRule },
    { weight: 1, arbitrary: peerAuthentication },
  ),
  ask: kubernetesAsk,
};

const tokens: Theme = {
  gateways,
  object: fc.oneof(
    { weight: 5, arbitrary: requestAuthentication },
    { weight: 4, arbitrary: tokenPolicy },
    { weight: 3, arbitrary: claimVirtualService },
    { weight: 1, arbitrary: peerAuthentication },
  ),
  ask: tokenAsk,
};

const headless: Theme = {
  gateways,
  object: fc.oneof(
    { weight: 4, arbitrary: headlessVirtualService },
    { weight: 3, arbitrary: headlessDestinationRule },
    { weight: 2, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: authorizationPolicy },
  ),
  ask: headlessAsk,
};

const grpc: Theme = {
  gateways: routes.gateways,
  object: fc.oneof(
    { weight: 8, arbitrary: grpcRoute },
    { weight: 2, arbitrary: httpRoute },
    { weight: 2, arbitrary: referenceGrant },
    { weight: 1, arbitrary: destinationRule },
    { weight: 1, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: authorizationPolicy },
  ),
  ask: fc.oneof(
    { weight: 4, arbitrary: grpcAsk },
    { weight: 1, arbitrary: kubernetesAsk },
  ),
};

const https: Theme = {
  gateways: httpsGateways,
  object: fc.oneof(
    { weight: 8, arbitrary: virtualService },
    { weight: 3, arbitrary: httpRoute },
    { weight: 1, arbitrary: destinationRule },
    { weight: 1, arbitrary: authorizationPolicy },
  ),
  ask: httpsAsk,
};

const entries: Theme = {
  gateways,
  object: fc.oneof(
    { weight: 6, arbitrary: overlappingServiceEntry },
    { weight: 3, arbitrary: entryVirtualService },
    { weight: 1, arbitrary: entryDestinationRule },
    { weight: 2, arbitrary: entrySidecar },
  ),
  ask: entryAsk,
};

const near: Theme = {
  gateways: fc
    .tuple(gateways, nearService)
    .map(([served, own]) => [...served, own]),
  object: fc.oneof(
    { weight: 5, arbitrary: nearDestinationRule },
    { weight: 3, arbitrary: nearVirtualService },
    { weight: 1, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: sidecar },
  ),
  ask: nearAsk,
};

const effects: Theme = {
  gateways: routes.gateways,
  object: fc.oneof(
    { weight: 6, arbitrary: effectVirtualService },
    { weight: 2, arbitrary: effectHttpRoute },
    { weight: 1, arbitrary: referenceGrant },
    { weight: 2, arbitrary: destinationRule },
    { weight: 1, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: authorizationPolicy },
  ),
  ask: effectAsk.map(one =>
    one.gateway && one.path.length % 2 === 0
      ? { ...one, gateway: `${EDGE}/kube`, port: KUBERNETES_PORT }
      : one,
  ),
};

const connectionKinds: Theme = {
  gateways: connectionGateways,
  object: fc.oneof(
    { weight: 5, arbitrary: tcpRoute },
    { weight: 5, arbitrary: tlsRoute },
    { weight: 2, arbitrary: referenceGrant },
    { weight: 1, arbitrary: connectionVirtualService },
    { weight: 1, arbitrary: destinationRule },
    { weight: 1, arbitrary: peerAuthentication },
    { weight: 1, arbitrary: sidecar },
  ),
  ask: connectionKindAsk,
};

/** What configurations are about, with how often they come. */
const THEMES = {
  requests: { weight: 5, theme: requests },
  connections: { weight: 1, theme: connections },
  routes: { weight: 1, theme: routes },
  tokens: { weight: 1, theme: tokens },
  headless: { weight: 1, theme: headless },
  grpc: { weight: 1, theme: grpc },
  https: { weight: 1, theme: https },
  entries: { weight: 1, theme: entries },
  near: { weight: 1, theme: near },
  effects: { weight: 1, theme: effects },
  connectionKinds: { weight: 1, theme: connectionKinds },
};

export type ThemeName = keyof typeof THEMES;
export const THEME_NAMES = Object.keys(THEMES) as ThemeName[];

/** A configuration with that many requests. */
export function trials(
  count: number,
  themes: readonly ThemeName[] = THEME_NAMES,
): fc.Arbitrary<Trial> {
  return fc.oneof(
    ...themes.map(name => ({
      weight: THEMES[name].weight,
      arbitrary: trialsOf(THEMES[name].theme, count),
    })),
  );
}

function trialsOf(theme: Theme, count: number): fc.Arbitrary<Trial> {
  return fc
    .tuple(
      theme.gateways,
      fc.uniqueArray(theme.object, {
        minLength: 1,
        maxLength: 6,
        selector: keyOf,
      }),
      fc.array(theme.ask, { minLength: count, maxLength: count }),
    )
    .map(([served, objects, asked]) => ({
      // As they are written: what is undefined is not there.
      objects: JSON.parse(JSON.stringify([...served, ...objects])),
      requests: asked,
    }));
}
