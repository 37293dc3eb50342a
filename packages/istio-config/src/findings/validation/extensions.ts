import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { isModuleUrl, MODULE_SCHEMES } from './moduleUrl';
import { portProblems } from './names';
import { Problem, refused } from './Problem';
import { attachmentProblems, selectorProblems } from './selectors';

const LONGEST_SECRET = 253;
const LONGEST_NAME = 256;
const LONGEST_CODE = 65_536;

/** Source: istio pkg/config/validation/validation.go, ValidateWasmPlugin. */
export function* wasmPluginProblems({ spec }: KubeObject): Iterable<Problem> {
  yield* attachmentProblems(spec);
  yield* wasmProblems(isMap(spec) ? spec : {}, 'spec');
  yield* trafficSelectorProblems(spec?.match);
}

/** Source: same, ValidateTrafficExtension. */
export function* trafficExtensionProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  yield* attachmentProblems(spec);
  if (Boolean(spec?.wasm) === Boolean(spec?.lua)) {
    yield refused(
      'spec',
      'It has neither wasm nor lua, or both.',
      'Give it exactly one of them.',
    );
  }
  if (isMap(spec?.lua)) {
    const size = String(spec.lua.inlineCode ?? '').length;
    if (size === 0 || size > LONGEST_CODE) {
      yield refused(
        'spec.lua.inlineCode',
        size === 0 ? 'It has no code.' : 'The code is larger than 64 kB.',
        'Write the code there, up to 64 kB.',
      );
    }
  }
  if (isMap(spec?.wasm)) {
    yield* wasmProblems(spec.wasm, 'spec.wasm');
  }
  yield* trafficSelectorProblems(spec?.match);
}

function* wasmProblems(
  plugin: Record<string, any>,
  path: string,
): Iterable<Problem> {
  yield* urlProblems(String(plugin.url ?? ''), `${path}.url`);
  if (plugin.sha256 && !/^[a-f0-9]{64}$/.test(plugin.sha256)) {
    yield refused(
      `${path}.sha256`,
      'sha256 is no checksum.',
      'Write 64 digits from 0 to 9 and a to f.',
    );
  }
  for (const [field, longest] of [
    ['imagePullSecret', LONGEST_SECRET],
    ['pluginName', LONGEST_NAME],
  ] as const) {
    const text: unknown = plugin[field];
    if (text === '' || String(text ?? '').length > longest) {
      yield refused(
        `${path}.${field}`,
        `${field} is ${text === '' ? 'empty' : 'too long'}.`,
        `Use 1 to ${longest} characters, or remove it.`,
      );
    }
  }
  yield* environmentProblems(plugin.vmConfig?.env, `${path}.vmConfig.env`);
}

function* urlProblems(url: string, path: string): Iterable<Problem> {
  if (url === '' || !isModuleUrl(url)) {
    yield refused(
      path,
      url === ''
        ? 'It does not say where the module is.'
        : `${JSON.stringify(url)} is no place of a module.`,
      `Write ${MODULE_SCHEMES.map(name => `${name}://…`).join(', ')}.`,
    );
  }
}

function* environmentProblems(
  variables: unknown,
  path: string,
): Iterable<Problem> {
  const names = new Set<unknown>();
  for (const [index, variable] of itemsOf(variables).entries()) {
    const {
      name,
      value,
      valueFrom = 'INLINE',
    } = isMap(variable)
      ? variable
      : { name: 'skipped', value: undefined, valueFrom: undefined };
    if (!name || String(name).length > LONGEST_NAME || names.has(name)) {
      yield refused(
        `${path}[${index}].name`,
        'The variable has no name of its own.',
        'Name it, and each once.',
      );
    }
    if (valueFrom !== 'INLINE' && value) {
      yield refused(
        `${path}[${index}].value`,
        'A value stands beside valueFrom.',
        'Remove one.',
      );
    }
    names.add(name);
  }
}

function* trafficSelectorProblems(match: unknown): Iterable<Problem> {
  for (const [index, selector] of itemsOf(match).entries()) {
    const seen = new Set<unknown>();
    for (const [place, port] of itemsOf(selector?.ports).entries()) {
      if (seen.has(port?.number)) {
        yield refused(
          `spec.match[${index}].ports[${place}]`,
          `The port ${port?.number} is there twice.`,
          'Name it once.',
        );
      }
      seen.add(port?.number);
      yield* portProblems(
        port?.number,
        `spec.match[${index}].ports[${place}].number`,
      );
    }
  }
}

/** Source: same, ValidateProxyConfig. */
export function* proxyConfigProblems({ spec }: KubeObject): Iterable<Problem> {
  yield* selectorProblems(spec?.selector, 'spec.selector');
  if (Number(spec?.concurrency ?? 0) < 0) {
    yield refused(
      'spec.concurrency',
      'concurrency is negative.',
      'Use 0 for all processors, or more.',
    );
  }
}
