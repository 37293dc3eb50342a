import { Alert, ButtonLink } from '@backstage/ui';
import styles from './MeshOverviewCard.module.css';

const TEMPLATE = '/create/templates/default/onboard-to-mesh';

/** What the service would gain, what stands in the way, and the way in. */
export function OutsideTheMesh(props: { because: string[] }) {
  const { because } = props;
  return (
    <Alert
      status="info"
      icon
      title="Not in the mesh"
      description={
        <div className={styles.outside}>
          <p>
            In the mesh its calls would be encrypted and measured, policies
            could say who may call it, and routes could split its requests for a
            canary.
          </p>
          {because.length > 0 && (
            <>
              <p>What stands in the way:</p>
              <ul>
                {because.map(reason => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </>
          )}
          <ButtonLink size="small" variant="secondary" href={TEMPLATE}>
            Bring a service into the mesh
          </ButtonLink>
        </div>
      }
    />
  );
}
