import type { KubeObject } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';
import { Problem, refused } from './Problem';

const DRY_RUN = 'istio.io/dry-run';
/** Istio's own, between its parts; a person who sets one gets more than they may. */
const INTERNAL = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
];
const BOOLEANS = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** Source: validation.go, validateMetadata. */
export function* metadataProblems({
  kind,
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  for (const name of INTERNAL) {
    if (ownField(metadata.annotations, name) !== undefined) {
      yield refused(
        `metadata.annotations`,
        `The annotation ${name} is Istio's own.`,
        'Remove it.',
      );
    }
  }
  const dryRun: unknown = ownField(metadata.annotations, DRY_RUN);
  if (dryRun === undefined) {
    return;
  }
  const action: unknown = spec?.action ?? 'ALLOW';
  if (kind !== 'AuthorizationPolicy') {
    yield refused(
      'metadata.annotations',
      `${DRY_RUN} is for AuthorizationPolicies only.`,
      'Remove it.',
    );
  } else if (action !== 'ALLOW' && action !== 'DENY') {
    yield refused(
      'metadata.annotations',
      `${DRY_RUN} is for the actions ALLOW and DENY only.`,
      'Remove it, or change the action.',
    );
  } else if (!BOOLEANS.test(String(dryRun))) {
    yield refused(
      'metadata.annotations',
      `${DRY_RUN} is ${JSON.stringify(
        dryRun,
      )}, which is neither true nor false.`,
      'Write "true" or "false".',
    );
  }
}
