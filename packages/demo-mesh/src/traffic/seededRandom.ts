/** FNV-1a over the text, then mixed: 32 well-spread bits that are the same on every run. */
export function hash32(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}

function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Numbers from 0 up to 1, the same sequence for the same start. */
export type Random = () => number;

export function randomFrom(start: number): Random {
  let state = start >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 0x1_0000_0000;
  };
}

const BYTES = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** 32 bits as 8 digits. */
export function hex8(value: number): string {
  return (
    BYTES[value >>> 24] +
    BYTES[(value >>> 16) & 255] +
    BYTES[(value >>> 8) & 255] +
    BYTES[value & 255]
  );
}
