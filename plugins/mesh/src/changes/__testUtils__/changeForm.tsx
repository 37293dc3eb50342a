import { screen, within } from '@testing-library/react';
import { destinationRule } from '../../__fixtures__/objects';
import { production, routesView } from '../../__fixtures__/views';
import {
  mockMeshApi,
  type MeshAnswers,
  renderOnEntityPage,
} from '../../__testUtils__/renderOnEntityPage';
import { RoutesTab } from '../../routes/RoutesTab';

export const address = {
  entityRef: 'component:default/auth-service',
  placement: production.id,
};
export const named = {
  object: destinationRule,
  path: 'spec.http[0]',
  digest: 'abc',
};

/** The Routes tab with a form open. */
export async function openForm(
  name: string,
  answers: Partial<MeshAnswers> = {},
) {
  const view = routesView();
  view.rules = view.rules.map((rule, index) =>
    index === 0 ? { ...rule, named } : rule,
  );
  const page = renderOnEntityPage(<RoutesTab />, {
    api: mockMeshApi({ routes: async () => view, ...answers }),
  });
  await page.user.click(await screen.findByRole('button', { name }));
  return {
    ...page,
    form: within(await screen.findByRole('dialog', { name })),
  };
}
