import { hostCovers } from './hosts';

/** The narrower of two hosts, perhaps with wildcards, of which one covers the other. */
export function commonHost(one: string, other: string): string | undefined {
  if (hostCovers(other, one)) {
    return one;
  }
  return hostCovers(one, other) ? other : undefined;
}
