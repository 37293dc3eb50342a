/** Somebody else holds it by now, or it is done: whatever its last owner still wants to write is refused. */
export class Fenced extends Error {
  readonly name = 'Fenced';
}
