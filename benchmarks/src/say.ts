/** Progress for a person; the result alone goes to standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
