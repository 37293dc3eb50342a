import { serviceNameIn } from '@meshdeck/plugin-mesh-common';
import name from '../../view/table/Name.module.css';

/** An operation with the service that did it, on one line of a table. */
export function OperationName(props: {
  of: { service: string; operation: string };
  namespace: string;
}) {
  const { service, operation } = props.of;
  return (
    <span className={name.name} title={`${service} ${operation}`}>
      <strong>{serviceNameIn(service, props.namespace)}</strong> {operation}
    </span>
  );
}
