import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  type EntityPresentationApi,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';
import { screen } from '@testing-library/react';
import { useEntityTitles } from './useEntityTitles';

function Titles(props: { of: string[] }) {
  const titleOf = useEntityTitles(props.of);
  return <p>{props.of.map(titleOf).join(', ')}</p>;
}

describe('useEntityTitles', () => {
  it('says what links say, and the name where that cannot be read', async () => {
    const forEntity: EntityPresentationApi['forEntity'] = ref => ({
      snapshot: { entityRef: String(ref), primaryTitle: '' },
      promise:
        ref === 'group:default/team-identity'
          ? Promise.resolve({ entityRef: ref, primaryTitle: 'Identity' })
          : Promise.reject(new Error('forbidden')),
    });
    renderInTestApp(
      <Titles of={['group:default/team-identity', 'group:other/team-users']} />,
      { apis: [[entityPresentationApiRef, { forEntity }]] },
    );
    expect(await screen.findByText('Identity, other/team-users')).toBeVisible();
  });
});
