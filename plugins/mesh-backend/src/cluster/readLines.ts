/**
 * The lines of a streamed answer as they come. A last line without its end is cut off, and dropped.
 *
 * @throws Error for a line of more than `mostBytes`.
 */
export async function* readLines(
  response: Response,
  mostBytes: number,
): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > mostBytes) {
      throw new Error('the answer has a line without end');
    }
    for (const line of lines) {
      if (line.trim()) {
        yield line;
      }
    }
  }
}
