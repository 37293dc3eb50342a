/** Input that cannot be analyzed, with its place. */
export class UnusableInput extends Error {
  constructor(file: string, line: number | undefined, problem: string) {
    super(`${file}${line ? `:${line}` : ''}: ${problem}`);
    this.name = 'UnusableInput';
  }
}
