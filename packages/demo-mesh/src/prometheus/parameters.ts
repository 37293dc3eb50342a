import type { Request } from 'express';
import { parseDurationMs } from './promql/duration';
import { QueryError } from './promql/QueryError';

/** The parameters of a request: of the query string, and of the form where it is a POST. */
export class Parameters {
  static create(request: Request): Parameters {
    const values = new Map<string, string[]>();
    for (const source of [request.query, request.body ?? {}]) {
      for (const [name, value] of Object.entries(source)) {
        const list = (Array.isArray(value) ? value : [value]).map(String);
        const key = name.replace(/\[\]$/, '');
        values.set(key, [...(values.get(key) ?? []), ...list]);
      }
    }
    return new Parameters(values);
  }

  private constructor(private readonly values: ReadonlyMap<string, string[]>) {}

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  text(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  required(name: string): string {
    return this.text(name) ?? '';
  }

  /** Unix seconds or RFC 3339. */
  timeMs(name: string, otherwise?: number): number {
    const text = this.text(name);
    if (text === undefined || text === '') {
      if (otherwise !== undefined) {
        return otherwise;
      }
    } else {
      const seconds = Number(text);
      const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text);
      if (Number.isFinite(ms)) {
        return ms;
      }
    }
    throw QueryError.badData(
      `invalid parameter "${name}": cannot parse "${
        text ?? ''
      }" to a valid timestamp`,
    );
  }

  durationMs(name: string): number {
    const text = this.text(name) ?? '';
    if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) {
      return Number(text) * 1000;
    }
    try {
      return parseDurationMs(text);
    } catch {
      throw QueryError.badData(
        `invalid parameter "${name}": cannot parse "${text}" to a valid duration`,
      );
    }
  }
}
