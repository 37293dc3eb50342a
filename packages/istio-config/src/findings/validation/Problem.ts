/** Something that Istio's validation refuses or warns of. */
export interface Problem {
  level: 'error' | 'warning';
  path: string;
  message: string;
  fix: string;
}

export function refused(path: string, message: string, fix: string): Problem {
  return { level: 'error', path, message, fix };
}

export function warned(path: string, message: string, fix: string): Problem {
  return { level: 'warning', path, message, fix };
}
