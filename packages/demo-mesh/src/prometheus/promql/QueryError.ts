/** What Prometheus calls `errorType`. */
export type QueryErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'not_found'
  | 'internal';

/** A query that cannot be answered, with Prometheus' own kind of error. */
export class QueryError extends Error {
  static badData(message: string): QueryError {
    return new QueryError('bad_data', message);
  }

  static execution(message: string): QueryError {
    return new QueryError('execution', message);
  }

  private constructor(readonly errorType: QueryErrorType, message: string) {
    super(message);
    this.name = 'QueryError';
  }
}
