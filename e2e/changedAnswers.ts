import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { Portal } from './portal';

/** What a tab asks for. */
export const ANY_VIEW =
  /\/api\/mesh\/v1\/.*\/placements\/[^/]+\/(overview|routes|security|traces|canary|topology)(\?|$)/;

/** An answer of the backend that has a placement or several. */
type Answer = Record<string, unknown> & {
  placement?: Placement;
  placements: Placement[];
};

interface Change {
  to?: (url: string) => string;
  change: (answer: Answer) => unknown;
}

/** Changes answers on their way from the backend. */
async function changeAnswers(
  { page }: Portal,
  asked: RegExp | ((url: URL) => boolean),
  { to = url => url, change }: Change,
): Promise<void> {
  await page.route(asked, async handled => {
    try {
      const response = await handled.fetch({
        url: to(handled.request().url()),
      });
      await handled.fulfill({ response, json: change(await response.json()) });
    } catch (error) {
      // A page that was left meanwhile needs no answer.
      if (!/disposed|closed|already handled/.test(String(error))) throw error;
    }
  });
}

/** Changes each view. Where the page looks for its data stays as it is. */
export async function changeViews(
  portal: Portal,
  change: (text: string) => string,
): Promise<void> {
  await changeAnswers(portal, ANY_VIEW, {
    change: ({ placement, ...rest }) => ({
      ...JSON.parse(change(JSON.stringify(rest))),
      placement,
    }),
  });
}

/** Gives the entity's first placement a twin in another cluster, whose views are those of the first. */
export async function addCluster(
  portal: Portal,
  cluster: string,
): Promise<void> {
  const twin = (placement: Placement): Placement => ({
    ...placement,
    cluster,
    id: `${cluster}:${placement.namespace}:${placement.service}`,
  });
  const isThere = ({ pathname }: URL) =>
    decodeURIComponent(pathname).includes(`/${cluster}:`);
  await changeAnswers(portal, /\/api\/mesh\/v1\/.*\/placements(\?|$)/, {
    change: found => ({
      ...found,
      placements: [...found.placements, twin(found.placements[0])],
    }),
  });
  await changeAnswers(portal, isThere, {
    to: url => decodeURIComponent(url).replace(`/${cluster}:`, '/demo:'),
    // Not every answer names a placement.
    change: ({ placement, ...rest }) =>
      placement ? { ...rest, placement: twin(placement) } : rest,
  });
}

/** Changes what a preview says. */
export async function changePreviews(
  portal: Portal,
  change: (preview: Record<string, unknown>) => object,
): Promise<void> {
  await changeAnswers(portal, /\/changes\/preview$/, { change });
}
