import type {
  Figure,
  Placement,
  PlacementsView,
  SourceStatus,
} from '@meshdeck/plugin-mesh-common';
import { AUTH_SERVICE_REF } from './entity';

/** When the fixtures were true. */
export const NOON = Date.parse('2026-11-20T12:04:11Z');

export const production: Placement = {
  id: 'production:orion:auth-service',
  cluster: 'production',
  namespace: 'orion',
  service: 'auth-service',
};

export const staging: Placement = {
  id: 'staging:orion:auth-service',
  cluster: 'staging',
  namespace: 'orion',
  service: 'auth-service',
};

export const placementsView: PlacementsView = {
  entityRef: AUTH_SERVICE_REF,
  placements: [production, staging],
  problems: [],
};

export const noAnnotationView: PlacementsView = {
  entityRef: AUTH_SERVICE_REF,
  placements: [],
  problems: [
    {
      code: 'no-annotation',
      message: 'No annotation of auth-service leads to a Service.',
      fix: 'Add these lines to its catalog-info.yaml.',
      snippet: `metadata:
  annotations:
    backstage.io/kubernetes-id: auth-service
    backstage.io/kubernetes-namespace: orion
`,
    },
  ],
};

/** A time series of a figure over a quarter of an hour that swings around `value`. */
export function figure(value: number, swing: number, now: number): Figure {
  const points = Array.from({ length: 30 }, (_, index): [number, number] => [
    Math.round(now / 1000) - (29 - index) * 30,
    Math.max(0, value + swing * Math.sin(index * 0.9) * Math.cos(index * 0.31)),
  ]);
  return { value, points };
}

export function wellSources(now: number): SourceStatus[] {
  const asOf = new Date(now).toISOString();
  return [
    { id: 'kubernetes', status: 'ok', asOf },
    { id: 'prometheus', status: 'ok', asOf },
  ];
}

export function prometheusDown(now: number): SourceStatus[] {
  return [
    ...wellSources(now).slice(0, 1),
    {
      id: 'prometheus',
      status: 'down',
      since: new Date(now - 180_000).toISOString(),
      message: 'It refuses connections.',
    },
  ];
}

export function base(now: number, placement: Placement) {
  return {
    placement,
    window: '15m' as const,
    sources: wellSources(now),
    findings: [],
  };
}
