/** Patterns of repositories, as `github.com/acme/*`: `*` stands for what one part of the name may be, `**` for several parts. */
export type RepositoryPatterns = readonly string[];

const PATTERN = /^[\w.*-]+(:\d+)?(\/[\w.*-]+)+$/;

/** Whether a text is a pattern with a host and a path. */
export function isRepositoryPattern(text: string): boolean {
  return PATTERN.test(text);
}
