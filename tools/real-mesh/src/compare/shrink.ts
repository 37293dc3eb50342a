import type { AnyObject } from '../KubeApi';
import { compareTrial, type Difference } from './compareTrial';
import type { World } from './World';

/** Each try is a configuration that has to come into force. */
const MOST_TRIES = 60;

/** A smaller configuration in which the same request still ends otherwise than foretold: whatever can go is taken out. */
export async function shrink(
  world: World,
  difference: Difference,
): Promise<Difference> {
  let smallest = difference;
  let tries = 0;
  const isStillThere = async (objects: AnyObject[]) => {
    tries += 1;
    const [found] = await compareTrial(world, {
      objects,
      requests: [difference.ask],
    }).then(
      ({ differences }) => differences,
      (): Difference[] => [],
    );
    // What ends in another way is another difference.
    if (found?.observed !== difference.observed) {
      return false;
    }
    smallest = found;
    return true;
  };
  for (let index = smallest.objects.length - 1; index >= 0; index--) {
    if (tries < MOST_TRIES) {
      await isStillThere(smallest.objects.filter((_, at) => at !== index));
    }
  }
  let goesOn = true;
  while (goesOn && tries < MOST_TRIES) {
    goesOn = false;
    for (const smaller of smallerThan(smallest.objects)) {
      if (tries >= MOST_TRIES) {
        break;
      }
      if (await isStillThere(smaller)) {
        goesOn = true;
        break;
      }
    }
  }
  return smallest;
}

/** The objects with one item or field of a specification taken out, the large ones first. */
function* smallerThan(objects: readonly AnyObject[]): Iterable<AnyObject[]> {
  for (const [index, object] of objects.entries()) {
    for (const spec of withoutOne(object.spec)) {
      yield objects.map((other, at) =>
        at === index ? { ...object, spec } : other,
      );
    }
  }
}

function* withoutOne(value: unknown): Iterable<any> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) {
      if (value.length > 1) {
        yield value.filter((_, at) => at !== index);
      }
    }
    for (const [index, item] of value.entries()) {
      for (const smaller of withoutOne(item)) {
        yield value.map((other, at) => (at === index ? smaller : other));
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, item] of Object.entries(value)) {
      const { [field]: _gone, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const smaller of withoutOne(item)) {
        yield { ...value, [field]: smaller };
      }
    }
  }
}
