/**
 * A way for a source to fail:
 *
 * - `refused`: its port is closed.
 * - `hangs`: it accepts connections and never answers.
 * - `500`, `401`: it answers with that code.
 * - `html`: it answers 200 with a login page.
 * - `cut`: its JSON ends in the middle, and the connection with it.
 * - `drip`: its JSON comes one byte a second.
 * - `huge`: its answer has 200 MB.
 * - `expired-certificate`: it speaks TLS, with a certificate of last month.
 */
export type Fault =
  | 'refused'
  | 'hangs'
  | '500'
  | '401'
  | 'html'
  | 'cut'
  | 'drip'
  | 'huge'
  | 'expired-certificate';

export const FAULTS: readonly Fault[] = [
  'refused',
  'hangs',
  '500',
  '401',
  'html',
  'cut',
  'drip',
  'huge',
  'expired-certificate',
];
