/** What is shown where a number is not known. */
export const UNKNOWN = '–';

function rounded(value: number, digits: number): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  });
}

/** Two significant digits below ten, whole numbers above a hundred. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  if (size >= 1) return 1;
  return 2;
}

/** `120 req/s`; what is too small to show is not shown as nothing. */
export function formatRate(requestsPerSecond: number | undefined): string {
  if (requestsPerSecond === undefined) return UNKNOWN;
  if (requestsPerSecond > 0 && requestsPerSecond < 0.01) return '< 0.01 req/s';
  return `${rounded(requestsPerSecond, digitsFor(requestsPerSecond))} req/s`;
}

/** A share of 0 to 1 as `89.7 %`; only a true 0 or 1 is shown as `0 %` or `100 %`. */
export function formatShare(share: number | undefined): string {
  if (share === undefined) return UNKNOWN;
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  if (percent < 100 && percent >= 99.95) return '> 99.9 %';
  return `${rounded(percent, 1)} %`;
}

/** `84 ms`, `1.25 s`, `3 min 20 s`. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  if (ms < 1) return ms === 0 ? '0 ms' : `${rounded(ms, 2)} ms`;
  if (ms < 999.5) return `${rounded(ms, ms < 9.95 ? 1 : 0)} ms`;
  if (ms < 59_995) return `${rounded(ms / 1000, 2)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest ? ` ${rest} s` : ''}`;
}

/** `12 s`, `3 min`, `2 h 5 min`, `4 days`. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  }
  const days = Math.floor(hours / 24);
  return days === 1 ? '1 day' : `${days} days`;
}

/** `12:04:11` in the reader's time zone. */
export function formatClock(time: number | string): string {
  return new Date(time).toLocaleTimeString('en-GB', { hour12: false });
}

/** `12:04:11` today, `19 Nov 12:04:11` on another day. */
export function formatMoment(time: string, now: number): string {
  const date = new Date(time);
  const clock = formatClock(time);
  return date.toDateString() === new Date(now).toDateString()
    ? clock
    : `${date.toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'short',
      })} ${clock}`;
}

/** `1 pod`, `3 pods`. */
export function formatCount(count: number, noun: string): string {
  return `${rounded(count, 0)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `VirtualService orion/auth-service`. */
export function formatObject(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  const where = object.namespace ? `${object.namespace}/` : '';
  return `${object.kind} ${where}${object.name}`;
}
