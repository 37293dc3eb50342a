import {
  describeRef,
  type ObjectEdit,
  objectOf,
  type OnboardingPlan,
  refOf,
} from '@meshdeck/istio-config';

const DONE: Record<ObjectEdit['action'], string> = {
  create: 'created',
  change: 'updated',
  delete: 'deleted',
};

/** Each object with what was done to it, in a word, for whoever asked: "Service shop/till (created)". */
export function describePlan(
  { objects, edits }: OnboardingPlan,
  isRehearsal: boolean,
): string[] {
  const labels = new Map(
    edits.map(edit => [describeRef(refOf(objectOf(edit))), DONE[edit.action]]),
  );
  return objects.map(object => {
    const label = describeRef(refOf(object));
    const done = labels.get(label) ?? 'unchanged';
    return `${label} (${isRehearsal ? 'rehearsed' : done})`;
  });
}
