import type { JsonAnswer } from '../fetchJson';
import { SourceError } from '../SourceError';

/** Kiali's sessions are cookies with these names; a long one is spread over several. */
const COOKIE = /^(kiali-token[^=;\s]*)=([^;]*)/;

/** Posts the login form, and tells which cookies came back. */
export type Login = (
  form: URLSearchParams,
) => Promise<Pick<JsonAnswer<unknown>, 'status' | 'cookies'>>;

/** The portal's session in one Kiali, opened when Kiali first asks for it. */
export class KialiSession {
  static create(options: { token?: string; login: Login }) {
    return new KialiSession(options);
  }

  private cookies: string | undefined;
  private opening: Promise<void> | undefined;

  private constructor(
    private readonly options: Parameters<typeof KialiSession.create>[0],
  ) {}

  get headers(): Record<string, string> {
    return this.cookies ? { Cookie: this.cookies } : {};
  }

  get canOpen(): boolean {
    return this.options.token !== undefined;
  }

  /** Logs in, once for all who wait. `refused` are the headers that no longer do; others may have renewed them already. */
  async renew(refused: Record<string, string>): Promise<void> {
    if (refused.Cookie !== this.cookies) {
      return;
    }
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    await this.opening;
  }

  private async open(): Promise<void> {
    const { token = '', login } = this.options;
    const answer = await login(new URLSearchParams({ token }));
    const { status } = answer;
    const cookies = cookiesOf(answer.cookies);
    if (status !== 200 || !cookies) {
      throw new SourceError(
        `Kiali does not accept the portal’s token (${status}). Put a valid one of a service account into mesh.kiali.token.`,
        { answered: status },
      );
    }
    this.cookies = cookies;
  }
}

function cookiesOf(lines: string[]): string {
  const pairs = lines
    .map(line => COOKIE.exec(line))
    // Without a value it is taken back.
    .filter(match => match?.[2])
    .map(match => `${match![1]}=${match![2]}`);
  return pairs.join('; ');
}
