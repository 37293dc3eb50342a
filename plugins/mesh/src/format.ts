/** What is shown where a number is not known. */
export const UNKNOWN = '–';

/** How a language writes numbers and times. */
export interface FormatWords {
  /** A BCP 47 tag. */
  locale: string;
  requestsPerSecond: string;
  connectionsPerSecond: string;
}

/** Numbers and times as one language writes them. */
export interface Format {
  /** `1,250` */
  number(value: number): string;
  /** `120 req/s`; what is too small to show is not shown as nothing. */
  rate(requestsPerSecond: number | undefined): string;
  /** `2 conn/s` */
  connections(perSecond: number | undefined): string;
  /** `0.2 /s`, of what is neither requests nor connections. */
  perSecond(value: number | undefined): string;
  /** `12 kB/s` */
  bytes(perSecond: number | undefined): string;
  /** A share of 0 to 1 as `89.7 %`; only a true 0 or 1 is shown as `0 %` or `100 %`. */
  share(share: number | undefined): string;
  /** `84 ms`, `1.25 s`, `3 min 20 s` */
  ms(ms: number | undefined): string;
  /** `12 s`, `3 min`, `2 h 5 min`, `4 days` */
  age(ageMs: number): string;
  /** `12:04:11` in the reader's time zone. */
  clock(time: number | string): string;
  /** `12:04:11` today, `19 Nov 12:04:11` on another day. */
  moment(time: string, now: number): string;
  /** `19 Nov 2026` */
  date(time: string): string;
}

const MINUTE_S = 60;
const BYTE_UNITS = ['B/s', 'kB/s', 'MB/s', 'GB/s'];

/** Two significant digits below ten, whole numbers above a hundred. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  if (size >= 1) return 1;
  return 2;
}

/** Writes a number with at most so many digits behind the point. */
type Rounded = (value: number, digits: number) => string;

function roundedIn(locale: string): Rounded {
  const numbers = [0, 1, 2].map(
    maximumFractionDigits =>
      new Intl.NumberFormat(locale, { maximumFractionDigits }),
  );
  return (value, digits) => numbers[digits].format(value);
}

function ratesIn(
  words: FormatWords,
  rounded: Rounded,
): Pick<Format, 'rate' | 'connections' | 'perSecond' | 'bytes'> {
  const rateIn = (unit: string) => (value: number | undefined) => {
    if (value === undefined) return UNKNOWN;
    return value > 0 && value < 0.01
      ? `< ${rounded(0.01, 2)} ${unit}`
      : `${rounded(value, digitsFor(value))} ${unit}`;
  };
  return {
    rate: rateIn(words.requestsPerSecond),
    connections: rateIn(words.connectionsPerSecond),
    perSecond: rateIn('/s'),
    bytes(perSecond) {
      if (perSecond === undefined) return UNKNOWN;
      let value = perSecond;
      let unit = 0;
      while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
        value /= 1000;
        unit += 1;
      }
      return `${rounded(value, value < 10 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
    },
  };
}

function shareIn(rounded: Rounded): Format['share'] {
  return share => {
    if (share === undefined) return UNKNOWN;
    const percent = share * 100;
    if (percent > 0 && percent < 0.05) return `< ${rounded(0.1, 1)} %`;
    if (percent < 100 && percent >= 99.95) return `> ${rounded(99.9, 1)} %`;
    return `${rounded(percent, 1)} %`;
  };
}

function durationsIn(
  locale: string,
  rounded: Rounded,
): Pick<Format, 'ms' | 'age'> {
  const days = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
  });
  return {
    ms(ms) {
      if (ms === undefined) return UNKNOWN;
      if (ms < 1) return ms === 0 ? '0 ms' : `${rounded(ms, 2)} ms`;
      if (ms < 999.5) return `${rounded(ms, ms < 9.95 ? 1 : 0)} ms`;
      if (ms < 59_995) return `${rounded(ms / 1000, 2)} s`;
      const seconds = Math.round(ms / 1000);
      const rest = seconds % MINUTE_S;
      const minutes = rounded(Math.floor(seconds / MINUTE_S), 0);
      return `${minutes} min${rest ? ` ${rest} s` : ''}`;
    },
    age(ageMs) {
      const seconds = Math.max(0, Math.round(ageMs / 1000));
      if (seconds < MINUTE_S) return `${seconds} s`;
      const minutes = Math.floor(seconds / MINUTE_S);
      if (minutes < 60) return `${minutes} min`;
      const hours = Math.floor(minutes / 60);
      if (hours < 24) {
        return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
      }
      return days.format(Math.floor(hours / 24));
    },
  };
}

function timesIn(locale: string): Pick<Format, 'clock' | 'moment' | 'date'> {
  const clocks = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const daysOfYear = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
  });
  const dates = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const clock = (time: number | string) => clocks.format(new Date(time));
  return {
    clock,
    moment(time, now) {
      const date = new Date(time);
      return date.toDateString() === new Date(now).toDateString()
        ? clock(time)
        : `${daysOfYear.format(date)} ${clock(time)}`;
    },
    date: time => dates.format(new Date(time)),
  };
}

function createFormat(words: FormatWords): Format {
  const { locale } = words;
  const rounded = roundedIn(locale);
  return {
    number: value => rounded(value, 0),
    share: shareIn(rounded),
    ...ratesIn(words, rounded),
    ...durationsIn(locale, rounded),
    ...timesIn(locale),
  };
}

const FORMATS = new Map<string, Format>();

/** The format of a language; its Intl parts are dear to make and are made once. */
export function formatIn(words: FormatWords): Format {
  const key = JSON.stringify(words);
  const known = FORMATS.get(key) ?? createFormat(words);
  FORMATS.set(key, known);
  return known;
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
