import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { ClaimedOnly } from './ClaimedOnly';
import table from './table.module.css';

/** Whose it is, as far as cluster and catalog agree; where only the catalog says so, that is said, too. */
export function OwnerLink(props: {
  of: { owner?: string; isClaimed?: boolean };
}) {
  const { owner } = props.of;
  const { t } = useMeshTranslation();
  return owner ? (
    <>
      <EntityRefLink entityRef={owner} defaultKind="group" />
      <ClaimedOnly of={props.of} />
    </>
  ) : (
    <span className={table.quiet}>{t('words.unknown')}</span>
  );
}
