/** What a pull request says of itself. */
export interface RequestFields {
  /** The change's own id. */
  change: string;
  /** Who asked: an entity reference. */
  who: string;
  /** What changes, in a sentence. */
  what: string;
  /** Why, in the words of who asked. */
  why?: string;
  /** Where a person sees the change in the portal. */
  link?: string;
}

const LONGEST_TITLE = 100;
const LONGEST_FIELD = 1000;

/** By this line of its message, a commit is known again as made for a change. */
export function markOf(change: string): string {
  return `Meshdeck-Change: ${change}`;
}

/** Whether a commit was made for a change. */
export function hasMark(message: string, change: string): boolean {
  return message.split('\n').includes(markOf(change));
}

/** Whether it was made for any change. */
export function isMarked(message: string): boolean {
  return message.split('\n').some(line => line.startsWith(markOf('')));
}

const BRANCHES = 'meshdeck/';

/** The change that a branch was made for. */
export function changeOfBranch(branch: string): string {
  return branch.slice(BRANCHES.length);
}

/** The branch of a change. @throws Error where its id could be anything else than an id. */
export function branchOf(change: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(change)) {
    throw new Error('A change needs an id of letters, digits, - and _.');
  }
  return `${BRANCHES}${change}`;
}

/** Title, description and commit message, as plain text that no forge takes for more. */
export function requestText(fields: RequestFields): {
  title: string;
  body: string;
  message: string;
} {
  const [who, what, why] = [fields.who, fields.what, fields.why].map(plainText);
  const title = shortened(what || 'Change of the mesh', LONGEST_TITLE);
  const lines = [
    `Asked by: ${who}`,
    ...(why ? [`Why: ${why}`] : []),
    `What: ${what}`,
  ];
  return {
    title,
    body: [
      'Made by Meshdeck. After the merge, the tool that delivers this repository brings it to the cluster.',
      '',
      // No forge looks for mentions, commands or links in here; plainText has left no backtick.
      '```text',
      ...lines,
      '```',
      ...(fields.link && /^https?:\/\/[^\s<>()[\]"'`\\]+$/.test(fields.link)
        ? ['', `<${fields.link}>`]
        : []),
    ].join('\n'),
    message: [title, '', ...lines, '', markOf(fields.change)].join('\n'),
  };
}

/**
 * A text of a person on one line, of which a forge makes nothing: no mention, no reference that would close an issue, no command to skip
 * checks, no markup, no line that git takes for a trailer.
 */
export function plainText(text: string | undefined): string {
  const line = (text ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\s]+/gu, ' ')
    .replace(/[`<>]/g, "'")
    .replace(/\[/g, '(')
    .replace(/\]/g, ')')
    .replace(/([#!@&~%])(?=[\w"])/g, '$1 ')
    .replace(/\bGH-(?=\d)/gi, 'GH ')
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www .')
    .replace(/^[/\s]+/, '')
    .trim();
  return shortened(line, LONGEST_FIELD);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}
