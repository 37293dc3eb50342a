/** A query that cannot be read, with Tempo's words for it. */
export class TraceQlError extends Error {
  static at(column: number, problem: string): TraceQlError {
    return new TraceQlError(
      `parse error at line 1, col ${column}: syntax error: ${problem}`,
    );
  }

  constructor(problem: string) {
    super(`invalid TraceQL query: ${problem}`);
    this.name = 'TraceQlError';
  }
}
