import { Text } from '@backstage/ui';
import type { ObjectRef, TokenView } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import styles from './SecurityTab.module.css';

/** Whose tokens are read, where from, and whether one is needed. */
export function Tokens(props: {
  tokens: TokenView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { tokens, onOpen } = props;
  return (
    <>
      <Text as="p">{tokens.sentence}</Text>
      {tokens.issuers.length > 0 && (
        <ScrollTable
          label="Token issuers"
          head={
            <tr>
              <th scope="col">Issuer</th>
              <th scope="col">For</th>
              <th scope="col">Read from</th>
              <th scope="col">Object</th>
            </tr>
          }
        >
          {tokens.issuers.map(({ object, issuer, audiences, readFrom }) => (
            <tr key={`${formatObject(object)} ${issuer}`}>
              <th scope="row">{issuer}</th>
              <td>{audiences.join(', ') || 'any audience'}</td>
              <td>{readFrom.join(', then ')}</td>
              <td>
                <button
                  type="button"
                  className={styles.object}
                  onClick={() => onOpen(object)}
                >
                  {formatObject(object)}
                </button>
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </>
  );
}
