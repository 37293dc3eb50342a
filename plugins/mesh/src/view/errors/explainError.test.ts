import { responseError } from '../../__testUtils__/renderOnEntityPage';
import { englishWords } from '../../__testUtils__/english';
import { explainError } from './explainError';
import { NoAnswerError } from '../fetching/startPolling';

const t = englishWords();

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
    const explained = explainError(responseError(status, 'because'), t);
    expect(explained.title).toBe(title);
    expect(explained.remedy).not.toBe('');
    expect(explained.cause).toBe('because');
  });

  it('tells what may not be seen from what may not be changed', () => {
    const forbidden = responseError(403, 'no');
    expect(explainError(forbidden, t).remedy).toMatch('mesh.service.read');
    expect(explainError(forbidden, t, 'change').remedy).toMatch(
      'the object in the cluster must name the same entity',
    );
    expect(explainError(forbidden, t, 'fleet').remedy).toMatch(
      'mesh.fleet.read',
    );
  });

  it('knows a backend that is not there', () => {
    expect(explainError(new TypeError('Failed to fetch'), t).title).toBe(
      'The Backstage backend does not answer',
    );
  });

  it('says how long it waited', () => {
    expect(explainError(new NoAnswerError(), t).cause).toBe(
      'No answer within 15 seconds.',
    );
  });
});
