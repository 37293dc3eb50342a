import type { Field, Intrinsic } from './expressions';
import { unescaped } from './tokens';

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  name: 'name',
  'span:name': 'name',
  status: 'status',
  'span:status': 'status',
  statusMessage: 'statusMessage',
  'span:statusMessage': 'statusMessage',
  kind: 'kind',
  'span:kind': 'kind',
  duration: 'duration',
  'span:duration': 'duration',
  traceDuration: 'traceDuration',
  'trace:duration': 'traceDuration',
  rootName: 'rootName',
  'trace:rootName': 'rootName',
  rootServiceName: 'rootServiceName',
  'trace:rootService': 'rootServiceName',
  'trace:id': 'trace:id',
  'span:id': 'span:id',
};

/** The intrinsic fields' names, as a list of tags has them. */
export const INTRINSIC_NAMES: readonly string[] = Object.keys(INTRINSICS);

/** `.a`, `span.a`, `resource.a` or an intrinsic; undefined where a word is none. */
export function readField(word: string, column = 1): Field | undefined {
  if (Object.hasOwn(INTRINSICS, word)) {
    return { type: 'intrinsic', name: INTRINSICS[word] };
  }
  const [, scope, name] = /^(span|resource|)\.(.+)$/s.exec(word) ?? [];
  return name === undefined
    ? undefined
    : {
        type: 'attribute',
        scope: scope === 'span' || scope === 'resource' ? scope : 'any',
        name: name.replace(/"((?:[^"\\]|\\.)*)"/g, (_, quoted: string) =>
          unescaped(quoted, column),
        ),
      };
}
