import { IPv4, IPv6 } from 'ipaddr.js';

/** An IPv4 address as four numbers, or an IPv6 address; nothing shorter. */
export function isIp(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    (IPv4.isValidFourPartDecimal(text) ||
      (text.includes(':') && IPv6.isValid(text)))
  );
}
