import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import table from './table.module.css';

/** Whose it is, as far as the catalog knows. */
export function OwnerLink(props: { owner: string | undefined }) {
  const { owner } = props;
  const { t } = useMeshTranslation();
  return owner ? (
    <EntityRefLink entityRef={owner} defaultKind="group" />
  ) : (
    <span className={table.quiet}>{t('words.unknown')}</span>
  );
}
