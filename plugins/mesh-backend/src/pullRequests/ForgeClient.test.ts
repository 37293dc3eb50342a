import type { Reply } from './__testUtils__/ForgeStandIn';
import { TOKEN } from './__testUtils__/ForgeStandIn';
import {
  forgeAt,
  FORGE_TRIALS,
  type ForgeTrial,
} from './__testUtils__/forgeTrials';
import { hasGit } from './__testUtils__/GitRepository';
import { closeServers } from '../__testUtils__/serve';
import type { Forge } from './Forge';

const json = (status: number, message: unknown, headers = {}): Reply => ({
  status,
  body: { message },
  headers,
});

const CASES: [string, Reply, string, string][] = [
  [
    '401',
    json(401, 'Bad credentials'),
    'refused',
    'does not take the portal’s token (401). It is wrong, has ended or is missing',
  ],
  [
    '403',
    json(403, 'Resource not accessible'),
    'refused',
    'The portal’s token may not do this on GitHub (403: Resource not accessible). It needs the permissions Contents and Pull requests',
  ],
  [
    '404',
    json(404, 'Not Found'),
    'notFound',
    'has no such thing, or the portal’s token may not see it (404). It needs',
  ],
  ['409', json(409, 'Conflict'), 'conflict', 'GitHub refuses it: Conflict.'],
  [
    '422 with reasons',
    {
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ message: 'a' }, 'b', {}],
      },
    },
    'conflict',
    'Validation Failed; a; b',
  ],
  [
    '400',
    json(400, { base: ['is bad'] }),
    'conflict',
    'GitHub refuses it (400: {"base":["is bad"]}).',
  ],
  [
    'a protected branch',
    json(403, 'Cannot update this protected ref.'),
    'protected',
    'protects the branch against the portal’s account (Cannot update this protected ref.). Allow it to push to branches that begin with meshdeck/.',
  ],
  [
    'GitHub’s rulesets',
    json(422, 'Repository rule violations found'),
    'protected',
    'protects the branch',
  ],
  [
    'another protection',
    json(403, 'Resource protected by organization SAML enforcement'),
    'refused',
    'SAML enforcement',
  ],
  [
    'GitLab’s protected branch',
    json(400, 'You are not allowed to push into this branch'),
    'protected',
    'protects the branch',
  ],
  [
    '429',
    json(429, 'slow'),
    'rateLimited',
    'takes no more requests of the portal for now (429)',
  ],
  [
    'GitHub’s limit',
    json(403, 'limit', { 'x-ratelimit-remaining': '0' }),
    'rateLimited',
    'Try again in some minutes',
  ],
  [
    'GitHub’s second limit',
    json(403, 'limit', { 'retry-after': '60' }),
    'rateLimited',
    'Try again in some minutes',
  ],
  [
    '500',
    json(500, 'secret'),
    'unavailable',
    'GitHub answered with 500. Try again; if it stays so, look at GitHub.',
  ],
  [
    'a login page',
    { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
    'unavailable',
    'no readable JSON',
  ],
  [
    'a redirect',
    { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
    'unavailable',
    'answered with 302',
  ],
  [
    'too much',
    { status: 200, body: `"${'x'.repeat(9 * 1024 * 1024)}"` },
    'unavailable',
    'it answered with more than 8 MB',
  ],
  [
    'a long message of many lines',
    json(409, `a\n\u202eb\u0000${'c'.repeat(999)}`),
    'conflict',
    `a b ${'c'.repeat(196)}…`,
  ],
];

const describeWithGit = hasGit() ? describe : describe.skip;

describeWithGit('a forge that does not do it', () => {
  let trial: ForgeTrial;

  beforeEach(async () => {
    trial = await FORGE_TRIALS.GitHub();
  });
  afterEach(() => {
    trial.stop();
    closeServers();
  });

  const failureOf = async (forge: Forge) => {
    try {
      await forge.defaultBranch();
    } catch (error) {
      return error as Error & { reason: string };
    }
    throw new Error('it was done');
  };

  it.each(CASES)('%s is a sentence', async (_what, reply, reason, sentence) => {
    trial.standIn.intercept = () => reply;
    const failure = await failureOf(trial.forge);
    expect(failure).toMatchObject({ name: 'ForgeError', reason });
    expect(failure.message).toContain(sentence);
    expect(JSON.stringify({ ...failure }) + failure.stack).not.toContain(TOKEN);
  });

  it('waits until its deadline', async () => {
    trial.standIn.intercept = () => 'hang';
    const { host, url } = trial.standIn;
    const hasty = forgeAt(
      `https://${host}/team/shop`,
      { github: [{ host, apiBaseUrl: `${url}/api/v3`, token: TOKEN }] },
      100,
    );
    expect((await failureOf(hasty)).message).toBe(
      'GitHub did not answer within 0.1 s.',
    );
  });

  it('is away', async () => {
    closeServers();
    expect((await failureOf(trial.forge)).message).toBe(
      'GitHub cannot be reached (ECONNREFUSED). Check integrations in the portal’s configuration and that it runs.',
    );
  });
});
