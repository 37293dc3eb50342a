/** An answer's text. @throws RangeError where it is longer than `mostBytes`; the rest is not read. */
export async function readText(
  response: { body: AsyncIterable<Uint8Array> | null },
  mostBytes: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) {
      throw new RangeError(
        `it answered with more than ${Math.floor(mostBytes / 1024 / 1024)} MB`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
