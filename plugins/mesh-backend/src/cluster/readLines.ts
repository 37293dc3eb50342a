/**
 * The lines of a streamed answer as they come. A last line without its end is cut off, and dropped.
 *
 * @throws RangeError for a line of more than `mostBytes`.
 */
export async function* readLines(
  response: Response,
  mostBytes: number,
): AsyncIterable<string> {
  const decoder = new TextDecoder();
  // Kept in pieces: what came before is not looked through again with each chunk.
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const [first, ...rest] = decoder
      .decode(chunk, { stream: true })
      .split('\n');
    pieces.push(first);
    length += first.length;
    for (const next of rest) {
      const line = pieces.join('');
      if (line.trim()) {
        yield line;
      }
      pieces = [next];
      length = next.length;
    }
    if (length > mostBytes) {
      throw new RangeError('the answer has a line without end');
    }
  }
}
