/** A piece of a document that reads as YAML or JSON. */
export interface Snippet {
  /** Its text with as many empty lines before it as the document has, so that line numbers are those of the document. */
  text: string;
  line: number;
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/;
const HEREDOC = /<<-?\s*["']?([A-Za-z_]+)["']?/;
const WITH_OBJECTS = ['yaml', 'yml', 'json'];
const WITH_COMMANDS = ['bash', 'sh', 'shell', 'console', 'zsh'];

/** Whether a text is a document with fenced code in it rather than YAML itself. */
export function isDocument(name: string, text: string): boolean {
  return (
    /\.(md|markdown|mdx)$/i.test(name) ||
    (!/\.(ya?ml|json)$/i.test(name) && /^\s*(```|~~~)/m.test(text))
  );
}

/** The YAML and JSON in a Markdown document: fenced blocks, and here-documents in fenced commands. */
export function snippetsOf(document: string): Snippet[] {
  const lines = document.split(/\r\n|\r|\n/);
  const snippets: Snippet[] = [];
  let at = 0;
  while (at < lines.length) {
    const fence = FENCE.exec(lines[at]);
    if (!fence) {
      at += 1;
      continue;
    }
    const [, , mark, language] = fence;
    const end = closingOf(lines, at + 1, mark);
    if (WITH_OBJECTS.includes(language.toLowerCase())) {
      snippets.push(snippet(lines, at + 1, end));
    } else if (WITH_COMMANDS.includes(language.toLowerCase())) {
      snippets.push(...hereDocuments(lines, at + 1, end));
    }
    at = end + 1;
  }
  return snippets.filter(({ text }) => text.trim() !== '');
}

function closingOf(lines: readonly string[], from: number, mark: string) {
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at].trim();
    if (line.startsWith(mark) && line.replaceAll(mark[0], '') === '') {
      return at;
    }
  }
  return lines.length;
}

function hereDocuments(
  lines: readonly string[],
  from: number,
  end: number,
): Snippet[] {
  const found: Snippet[] = [];
  for (let at = from; at < end; at += 1) {
    const word = HEREDOC.exec(lines[at])?.[1];
    if (!word) {
      continue;
    }
    const start = at + 1;
    do {
      at += 1;
    } while (at < end && lines[at].trim() !== word);
    found.push(snippet(lines, start, at));
  }
  return found;
}

function snippet(lines: readonly string[], from: number, end: number): Snippet {
  const body = lines.slice(from, end);
  const indents = body
    .filter(line => line.trim() !== '')
    .map(line => line.length - line.trimStart().length);
  const indent = indents.reduce((least, own) => Math.min(least, own), Infinity);
  return {
    line: from + 1,
    text:
      '\n'.repeat(from) +
      body
        .map(line => line.slice(Number.isFinite(indent) ? indent : 0))
        .join('\n'),
  };
}
