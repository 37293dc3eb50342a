import type { Request, RequestHandler } from 'express';

/** Refuses parameters that a route does not know, as Kiali does since 2.31. */
export function onlyParameters(...known: string[]): RequestHandler {
  return (req, res, next) => {
    const unknown = Object.keys(req.query).filter(
      name => !known.includes(name),
    );
    if (unknown.length === 0) {
      next();
      return;
    }
    res.status(400).json({
      error: 'Bad Request, invalid query parameters',
      detail: `unknown query parameter(s): ${unknown.sort().join(', ')}`,
    });
  };
}

export function textOf(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(req: Request, name: string): string[] | undefined {
  return textOf(req, name)
    ?.split(',')
    .map(item => item.trim())
    .filter(Boolean);
}

/** Unix seconds in the request, milliseconds here. */
export function queryTimeMs(req: Request, nowMs: number): number {
  const seconds = Number(textOf(req, 'queryTime') ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : nowMs;
}

/** A Prometheus duration; one that is none is replaced by the default. */
export function intervalOf(
  req: Request,
  name: string,
  otherwise: string,
): string {
  const text = textOf(req, name);
  return text !== undefined && /^\d+(ms|s|m|h|d)$/.test(text)
    ? text
    : otherwise;
}
