import { counted } from '../counted';
import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import type { ChangePlan, ObjectEdit } from './ChangePlan';
import { mergeInto } from './mergeInto';
import {
  onboardedEntity,
  ONBOARDING_MARKS,
  type OnboardingAnswers,
  onboardingObjects,
} from './onboardingObjects';

/** What a new service becomes, whole: each object bears the marks of its entity and owner. @public */
export interface OnboardingPlan extends ChangePlan {
  /** Those that are there already and say what is wanted are not among the edits. */
  objects: readonly KubeObject[];
}

/**
 * Brings a service into the mesh, or changes what was brought: an object that is there gets what it does not say yet.
 *
 * @param there - of the objects of the service, those that are there.
 * @public
 */
export function planOnboarding(
  there: readonly KubeObject[],
  answers: OnboardingAnswers,
): OnboardingPlan {
  const objects = onboardingObjects(answers).map(object =>
    marked(object, answers),
  );
  const byName = new Map(
    there.map(object => [describeRef(refOf(object)), object]),
  );
  const edits = objects.flatMap(object =>
    editOf(byName.get(describeRef(refOf(object))), object),
  );
  return { objects, edits, sentence: sentenceOf(answers, edits) };
}

function editOf(
  before: KubeObject | undefined,
  object: KubeObject,
): ObjectEdit[] {
  if (!before) {
    return [{ action: 'create', object }];
  }
  const operations = mergeInto(before, object);
  return operations.length > 0
    ? [{ action: 'change', before, operations }]
    : [];
}

function sentenceOf(
  { name }: OnboardingAnswers,
  edits: readonly ObjectEdit[],
): string {
  if (edits.length === 0) {
    return `${name} is in the mesh already, just so.`;
  }
  const changed = edits.filter(({ action }) => action === 'change').length;
  const created = edits.length - changed;
  const parts = [
    ...(created > 0 ? [`${created} new`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return changed === 0
    ? broughtIn(name, created)
    : `Brought ${name} into the mesh again: ${parts.join(', ')}.`;
}

/** Says that a service is new in the mesh. @public */
export function broughtIn(name: string, objects: number): string {
  return `Brought ${name} into the mesh: ${counted(objects, 'object')}.`;
}

/** The pods of a Deployment say whose they are, too. */
function marked(
  object: KubeObject,
  { name, owner }: OnboardingAnswers,
): KubeObject {
  const { metadata, spec } = object;
  const entity = { [ONBOARDING_MARKS.entity]: onboardedEntity(name) };
  const template = spec?.template;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [ONBOARDING_MARKS.onboarded]: 'true' },
      annotations: {
        ...metadata.annotations,
        ...entity,
        [ONBOARDING_MARKS.owner]: owner,
      },
    },
    ...(template && {
      spec: {
        ...spec,
        template: {
          ...template,
          metadata: {
            ...template.metadata,
            annotations: { ...template.metadata.annotations, ...entity },
          },
        },
      },
    }),
  };
}
