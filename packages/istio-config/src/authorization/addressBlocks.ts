/** An address as a number, and how many bits it has. */
interface Address {
  value: bigint;
  bits: number;
}

/** Whether an address, IPv4 or IPv6, lies in a block such as `10.0.0.0/8` or `fd00::/8`; a block without a length is one address. */
export function inBlock(block: string, ip: string | undefined): boolean {
  const [base, length] = block.split('/');
  const [wanted, given] = [addressOf(base), addressOf(ip ?? '')];
  if (!wanted || !given) {
    return block === ip;
  }
  const kept = length === undefined ? wanted.bits : Number(length);
  if (
    wanted.bits !== given.bits ||
    !Number.isInteger(kept) ||
    kept < 0 ||
    kept > wanted.bits
  ) {
    return false;
  }
  const rest = BigInt(wanted.bits - kept);
  return wanted.value >> rest === given.value >> rest;
}

function addressOf(text: string): Address | undefined {
  return text.includes(':') ? ipv6(text) : ipv4(text);
}

function ipv4(text: string): Address | undefined {
  const parts = text.split('.');
  return parts.length === 4 &&
    parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
    ? { value: joined(parts.map(Number), 8), bits: 32 }
    : undefined;
}

function ipv6(text: string): Address | undefined {
  const [before, after, ...more] = text.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [head, tail] = [groups(before), groups(after)];
  const missing = 8 - head.length - tail.length;
  const isWhole = after === undefined ? missing === 0 : missing > 0;
  const all = [...head, ...tail];
  if (
    more.length > 0 ||
    !isWhole ||
    !all.every(group => /^[0-9a-f]{1,4}$/i.test(group))
  ) {
    return undefined;
  }
  const filled = [...head, ...Array(missing).fill('0'), ...tail];
  return {
    value: joined(
      filled.map(group => parseInt(group, 16)),
      16,
    ),
    bits: 128,
  };
}

function joined(parts: readonly number[], bits: number): bigint {
  return parts.reduce(
    (sum, part) => (sum << BigInt(bits)) | BigInt(part),
    BigInt(0),
  );
}
