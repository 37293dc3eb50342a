import type { ApiClient } from './ApiClient';
import type { Paths } from './objects';

/** What the cases of the contract run in: a server, and a namespace of their own in it. */
export interface Contract {
  group: jest.Describe;
  check: jest.It;
  context: () => { api: ApiClient; paths: Paths };
}
