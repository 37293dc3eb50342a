import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/** How people log in: not at all, or with a token that becomes a cookie. */
export type KialiAuth =
  | { strategy: 'anonymous' }
  | { strategy: 'token'; tokens: readonly string[] };

const COOKIE = 'kiali-token-Kubernetes';
const LIFE_MS = 24 * 3_600_000;

/** Kiali's sessions: a token given once, a cookie from then on. A bearer token is not accepted. */
export class Sessions {
  static create(options: { auth: KialiAuth; clock: () => number }): Sessions {
    return new Sessions(options.auth, options.clock);
  }

  private readonly expiryBySession = new Map<string, number>();

  private constructor(
    readonly auth: KialiAuth,
    private readonly clock: () => number,
  ) {}

  readonly authenticate: RequestHandler = (req, res) => {
    if (this.auth.strategy === 'anonymous') {
      res.status(404).json({ error: 'Authentication is not needed' });
      return;
    }
    const token: unknown = req.body?.token;
    if (
      typeof token !== 'string' ||
      !this.auth.tokens.some(known => isSame(known, token))
    ) {
      res.status(401).json({ error: 'Token is not valid or is expired' });
      return;
    }
    const session = randomBytes(24).toString('hex');
    const expiresMs = this.clock() + LIFE_MS;
    this.expiryBySession.set(session, expiresMs);
    res
      .cookie(COOKIE, session, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        expires: new Date(expiresMs),
      })
      .json({
        expiresOn: new Date(expiresMs).toISOString(),
        username: 'demo',
      });
  };

  /** Lets only requests with a session pass. */
  readonly required: RequestHandler = (req, res, next) => {
    if (this.auth.strategy === 'anonymous' || this.isOpen(req.headers.cookie)) {
      next();
      return;
    }
    res.status(401).json({ error: 'No active session' });
  };

  isOpen(cookies: string | undefined): boolean {
    const session = cookies
      ?.split(';')
      .map(cookie => cookie.trim().split('='))
      .find(([name]) => name === COOKIE)?.[1];
    const expiresMs =
      session === undefined ? undefined : this.expiryBySession.get(session);
    return expiresMs !== undefined && expiresMs > this.clock();
  }
}

function isSame(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
