import { useCallback, useEffect, useState } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useApiHolder } from '@backstage/core-plugin-api';
import { entityPresentationApiRef } from '@backstage/plugin-catalog-react';

/** `team-identity` of `group:default/team-identity`. */
function nameOfRef(entityRef: string): string {
  const { namespace, name } = parseEntityRef(entityRef);
  return namespace === 'default' ? name : `${namespace}/${name}`;
}

/** What links call these entities, for where there can be no link: the title, or the name as long as, or where, there is none. */
export function useEntityTitles(
  entityRefs: readonly string[],
): (entityRef: string) => string {
  const presentation = useApiHolder().get(entityPresentationApiRef);
  const [titles, setTitles] = useState<Readonly<Record<string, string>>>({});
  const asked = [...new Set(entityRefs)].sort().join(' ');
  useEffect(() => {
    if (!presentation || asked === '') {
      return undefined;
    }
    let isCurrent = true;
    const read = asked
      .split(' ')
      .map(ref =>
        presentation
          .forEntity(ref, { defaultKind: 'group' })
          .promise.then(({ primaryTitle }) => [ref, primaryTitle] as const),
      );
    // Those that cannot be read keep their names.
    Promise.allSettled(read).then(results => {
      if (!isCurrent) return;
      setTitles(
        Object.fromEntries(
          results.flatMap(result =>
            result.status === 'fulfilled' ? [result.value] : [],
          ),
        ),
      );
    });
    return () => {
      isCurrent = false;
    };
  }, [presentation, asked]);
  return useCallback(
    entityRef =>
      Object.hasOwn(titles, entityRef)
        ? titles[entityRef]
        : nameOfRef(entityRef),
    [titles],
  );
}
