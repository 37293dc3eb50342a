/** The servers a portal reads from. */
export type SourceName =
  | 'kubernetes'
  | 'prometheus'
  | 'jaeger'
  | 'tempo'
  | 'kiali';

export const SOURCE_NAMES: readonly SourceName[] = [
  'kubernetes',
  'prometheus',
  'jaeger',
  'tempo',
  'kiali',
];
