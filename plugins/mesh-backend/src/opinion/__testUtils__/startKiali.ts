import type { IncomingMessage } from 'http';
import { serve } from '../../__testUtils__/serve';

/** What the stand-in answers to one path. */
export type Answer = { status?: number; cookies?: string[]; body: unknown };

/** A Kiali that refuses whatever route or parameter it does not know, and keeps what it was asked. */
export async function startKiali(
  answers: Record<string, (req: IncomingMessage) => Answer>,
  tls?: { cert: string; key: string },
) {
  const asked: { path: string; query: string; headers: object }[] = [];
  const url = await serve((req, res) => {
    const { pathname, searchParams } = new URL(req.url!, 'http://kiali');
    asked.push({
      path: pathname,
      query: `${searchParams}`,
      headers: req.headers,
    });
    const known = ['validate', 'rateInterval', 'clusterName'];
    const isKnown =
      answers[pathname] &&
      [...searchParams.keys()].every(k => known.includes(k));
    const { status, cookies, body } = isKnown
      ? answers[pathname](req)
      : { status: 400, body: { error: 'unknown' }, cookies: undefined };
    res.writeHead(status ?? 200, {
      'Content-Type':
        typeof body === 'string' ? 'text/plain' : 'application/json',
      ...(cookies ? { 'Set-Cookie': cookies } : {}),
    });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  }, tls);
  return { url, asked };
}

/** Kiali's own version. */
export const status = (version: string) => () => ({
  body: { status: { 'Kiali version': version } },
});
/** Where a Kiali tells of the placement below. */
export const DETAILS = '/api/namespaces/orion/services/auth-service';
export const healthy = () => ({
  body: { health: { status: { status: 'Healthy' } } },
});

export const PLACEMENT = {
  id: 'demo:orion:auth-service',
  cluster: 'demo',
  namespace: 'orion',
  service: 'auth-service',
};
