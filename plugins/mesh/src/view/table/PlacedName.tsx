import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Name } from './Name';
import table from './table.module.css';

/** The name of a workload above its namespace, leading to its entity where there is one. */
export function PlacedName(props: {
  name: string;
  namespace?: string;
  entityRef?: string;
}) {
  const { name, namespace, entityRef } = props;
  return (
    <>
      {entityRef ? (
        <EntityRefLink entityRef={entityRef}>
          <Name>{name}</Name>
        </EntityRefLink>
      ) : (
        <Name>{name}</Name>
      )}
      {namespace && <div className={table.quiet}>{namespace}</div>}
    </>
  );
}
