import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/** The entity ref of a person; undefined for a plugin that acts for nobody. */
export function personOf({
  principal,
}: BackstageCredentials): string | undefined {
  const ref = (principal as { userEntityRef?: unknown } | undefined)
    ?.userEntityRef;
  return typeof ref === 'string' ? ref : undefined;
}
