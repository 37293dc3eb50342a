import { parse, type IPv4, type IPv6 } from 'ipaddr.js';
import { isIp } from '../kube/isIp';

/** Whether an address, IPv4 or IPv6, lies in a block such as `10.0.0.0/8` or `fd00::/8`; a block without a length is one address. */
export function inBlock(block: string, ip: string | undefined): boolean {
  const [base, length] = block.split('/');
  if (!isIp(base) || !isIp(ip)) {
    return block === ip;
  }
  const [wanted, given] = [parse(base), parse(ip)];
  const most = bitsOf(wanted);
  const kept = length === undefined ? most : Number(length);
  return (
    wanted.kind() === given.kind() &&
    Number.isInteger(kept) &&
    kept >= 0 &&
    kept <= most &&
    given.match(wanted, kept)
  );
}

function bitsOf(address: IPv4 | IPv6): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}
