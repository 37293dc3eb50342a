import { forwardRef } from 'react';
import { TextField } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { parsePairs } from './parsePairs';

/** A field for `name=value, name=value`; says which part is not of this form. */
export const PairsField = forwardRef<
  HTMLDivElement,
  {
    label: string;
    value: string;
    onChange: (text: string) => void;
    placeholder?: string;
    className?: string;
  }
>((props, ref) => {
  const { label, value, onChange, placeholder, className } = props;
  const { t } = useMeshTranslation();
  const { wrong } = parsePairs(value);
  return (
    <TextField
      ref={ref}
      className={className}
      label={label}
      size="small"
      placeholder={placeholder ?? t('try.pairsHint')}
      value={value}
      onChange={onChange}
      isInvalid={wrong !== undefined}
      description={
        wrong === undefined ? undefined : t('try.pairsRule', { part: wrong })
      }
    />
  );
});
