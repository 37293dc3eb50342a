const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const TLS_1_2 = [3, 3];
const RANDOM_BYTES = 32;
/** TLS_RSA_WITH_AES_128_CBC_SHA: one suite is enough to be let through. */
const SUITES = [0, 2, 0, 0x2f];
const COMPRESSION = [1, 0];
const SERVER_NAME = [0, 0];

/** The first words of a TLS connection, of which each byte is an ASCII character: what comes after them nobody needs. */
export function clientHello(name: string): string {
  const named = [0, ...sized(2, [...name].map(codeOf))];
  const extensions = [...SERVER_NAME, ...sized(2, sized(2, named))];
  const hello = [
    ...TLS_1_2,
    ...new Array(RANDOM_BYTES).fill(codeOf('r')),
    0,
    ...SUITES,
    ...COMPRESSION,
    ...sized(2, extensions),
  ];
  const handshake = [CLIENT_HELLO, ...sized(3, hello)];
  return String.fromCharCode(HANDSHAKE, 3, 1, ...sized(2, handshake));
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

/** The bytes with their number before them, which itself has so many. */
function sized(width: number, bytes: readonly number[]): number[] {
  const length = Array.from(
    { length: width },
    (_, index) => (bytes.length >> (8 * (width - 1 - index))) & 0xff,
  );
  return [...length, ...bytes];
}
