import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { VisibleEntities } from './VisibleEntities';

const refs = (count: number) =>
  Array.from({ length: count }, (_, index) => `component:default/c${index}`);

/** A policy that lets see what does not end in 1, or decides without looking. */
function visibleUnder(result: AuthorizeResult) {
  const decisionOf = (ref = '') => {
    if (result !== AuthorizeResult.CONDITIONAL) {
      return result;
    }
    return ref.endsWith('1') ? AuthorizeResult.DENY : AuthorizeResult.ALLOW;
  };
  const permissions = mockServices.permissions.mock({
    authorize: async queries =>
      queries.map(query => ({
        result: decisionOf(
          'resourceRef' in query ? query.resourceRef : undefined,
        ),
      })),
    authorizeConditional: async queries =>
      queries.map(() =>
        result === AuthorizeResult.CONDITIONAL
          ? {
              result,
              pluginId: 'catalog',
              resourceType: 'catalog-entity',
              conditions: {
                rule: 'IS_ENTITY_OWNER',
                resourceType: 'catalog-entity',
              },
            }
          : { result },
      ),
  });
  const visible = VisibleEntities.create({
    permissions,
    credentials: mockCredentials.user(),
  });
  const { authorize, authorizeConditional } = permissions;
  return { visible, authorize, authorizeConditional };
}

describe('VisibleEntities', () => {
  it.each([
    [AuthorizeResult.ALLOW, 500],
    [AuthorizeResult.DENY, 0],
    [AuthorizeResult.CONDITIONAL, 450],
  ] as const)('under %s, of 500 entities shows %i', async (result, seen) => {
    const { visible, authorize, authorizeConditional } = visibleUnder(result);
    expect((await visible.among(refs(500))).size).toBe(seen);
    expect(authorizeConditional).toHaveBeenCalledTimes(1);
    expect(authorize.mock.calls.map(([queries]) => queries.length)).toEqual(
      result === AuthorizeResult.CONDITIONAL ? [200, 200, 100] : [],
    );
    expect(await visible.isUnlimited()).toBe(result === AuthorizeResult.ALLOW);
    expect(authorizeConditional).toHaveBeenCalledTimes(1);
  });

  it.each([
    [AuthorizeResult.ALLOW, 3],
    [AuthorizeResult.DENY, 0],
    [AuthorizeResult.CONDITIONAL, 2],
  ] as const)(
    'asks one question about a few, each once, under %s',
    async (result, seen) => {
      const { visible, authorize, authorizeConditional } = visibleUnder(result);
      expect((await visible.among([...refs(3), ...refs(3)])).size).toBe(seen);
      expect(authorize).toHaveBeenCalledTimes(1);
      expect(authorize.mock.calls[0][0]).toHaveLength(3);
      expect(authorizeConditional).not.toHaveBeenCalled();
    },
  );

  it('asks nothing about nothing', async () => {
    const { visible, authorize } = visibleUnder(AuthorizeResult.ALLOW);
    expect((await visible.among([])).size).toBe(0);
    expect(authorize).not.toHaveBeenCalled();
  });
});
