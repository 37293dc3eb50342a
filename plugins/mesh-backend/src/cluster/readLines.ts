/** The lines of a streamed answer as they come. A last line without its end is cut off, and dropped. */
export async function* readLines(response: Response): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim()) {
        yield line;
      }
    }
  }
}
