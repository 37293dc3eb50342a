import { Select, TextField } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** The first line of an HTTP request. */
export interface RequestLine {
  method: string;
  path: string;
}

export const FIRST_LINE: RequestLine = { method: 'GET', path: '/' };

export function isPath(path: string): boolean {
  return path.startsWith('/');
}

/** The two fields that each request to try begins with. */
export function MethodAndPath(props: {
  line: RequestLine;
  onChange: (line: RequestLine) => void;
}) {
  const { line, onChange } = props;
  const { t } = useMeshTranslation();
  return (
    <>
      <Select
        label={t('try.method')}
        options={METHODS.map(name => ({ id: name, label: name }))}
        value={line.method}
        onChange={chosen => onChange({ ...line, method: String(chosen) })}
      />
      <TextField
        label={t('try.path')}
        size="small"
        value={line.path}
        onChange={path => onChange({ ...line, path })}
        isInvalid={!isPath(line.path)}
        description={isPath(line.path) ? undefined : t('try.pathRule')}
      />
    </>
  );
}
