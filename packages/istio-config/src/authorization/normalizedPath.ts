import type { MeshConfig } from '../MeshConfig';

/**
 * The path as the proxy sees it when it asks the policies: dot segments resolved, `\` as `/`, and what need not be escaped unescaped;
 * further by the mesh’s setting. Sources: istio pilot/pkg/networking/core/listener_builder.go (DEFAULT is BASE);
 * Envoy’s normalize_path, merge_slashes and UNESCAPE_AND_FORWARD.
 */
export function normalizedPath(
  path: string,
  setting: MeshConfig['pathNormalization'],
): string {
  if (setting === 'NONE') {
    return path;
  }
  const [, way, rest] = /^([^?#]*)(.*)$/s.exec(path) ?? [path, path, ''];
  const decoded =
    setting === 'DECODE_AND_MERGE_SLASHES'
      ? way.replace(/%2f|%5c/gi, '/')
      : way;
  const canonical = withoutDots(
    decoded.replace(/%([0-9a-f]{2})/gi, unreserved).replace(/\\/g, '/'),
  );
  const merges =
    setting === 'MERGE_SLASHES' || setting === 'DECODE_AND_MERGE_SLASHES';
  return `${merges ? canonical.replace(/\/{2,}/g, '/') : canonical}${rest}`;
}

function unreserved(escaped: string, hex: string): string {
  const character = String.fromCharCode(parseInt(hex, 16));
  return /[\w.~-]/.test(character) ? character : escaped;
}

function withoutDots(path: string): string {
  if (!path.startsWith('/')) {
    return path;
  }
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') {
      kept.pop();
    } else if (segment !== '.') {
      kept.push(segment);
      continue;
    }
    // A path that ends in a dot segment ends in a slash.
    if (isLast) {
      kept.push('');
    }
  }
  return `/${kept.join('/')}`;
}
