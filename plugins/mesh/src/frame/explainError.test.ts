import { responseError } from '../__testUtils__/renderOnEntityPage';
import { explainError } from './explainError';

describe('explainError', () => {
  it.each([
    [401, 'You are not signed in any more'],
    [403, 'You may not see what the mesh does with this service'],
    [404, 'The mesh backend does not know this'],
    [400, 'The mesh backend does not accept this'],
    [409, 'Somebody else was faster'],
    [429, 'The mesh backend is not available'],
    [500, 'The mesh backend failed'],
    [503, 'The mesh backend is not available'],
  ])('has words for %p', (status, title) => {
    const explained = explainError(responseError(status, 'because'));
    expect(explained.title).toBe(title);
    expect(explained.remedy).not.toBe('');
    expect(explained.cause).toBe('because');
  });

  it('tells what may not be seen from what may not be changed', () => {
    const forbidden = responseError(403, 'no');
    expect(explainError(forbidden).remedy).toMatch('mesh.service.read');
    expect(explainError(forbidden, 'change').remedy).toMatch('mesh.canary.run');
  });

  it('knows a backend that is not there', () => {
    expect(explainError(new TypeError('Failed to fetch')).title).toBe(
      'The Backstage backend does not answer',
    );
  });
});
