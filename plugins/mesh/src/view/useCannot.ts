import { createContext, useContext } from 'react';

/** Why the reader may not do what needs a permission, by its name. Empty as long as that is not known: the server asks anyhow. */
export const CannotContext = createContext<Readonly<Record<string, string>>>(
  {},
);

/** Why the reader may not do what needs all of these permissions; undefined where they may. */
export function useCannot(): (
  permissions: readonly { name: string }[],
) => string | undefined {
  const cannot = useContext(CannotContext);
  return permissions =>
    permissions
      .map(({ name }) =>
        Object.hasOwn(cannot, name) ? cannot[name] : undefined,
      )
      .find(why => why !== undefined);
}
