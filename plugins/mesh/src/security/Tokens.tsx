import { Text } from '@backstage/ui';
import type { ObjectRef, TokenView } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { Name } from '../view/table/Name';
import { ScrollTable } from '../view/table/ScrollTable';
import { TextButton } from '../view/table/TextButton';
import { useMeshTranslation } from '../translations/useMeshTranslation';

/** Whose tokens are read, where from, and whether one is needed. */
export function Tokens(props: {
  tokens: TokenView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { tokens, onOpen } = props;
  const { t } = useMeshTranslation();
  return (
    <>
      <Text as="p">{tokens.sentence}</Text>
      {tokens.issuers.length > 0 && (
        <ScrollTable
          label={t('tokens.label')}
          head={
            <tr>
              <th scope="col">{t('tokens.issuer')}</th>
              <th scope="col">{t('tokens.audience')}</th>
              <th scope="col">{t('tokens.readFrom')}</th>
              <th scope="col">{t('tokens.object')}</th>
            </tr>
          }
        >
          {tokens.issuers.map(({ object, issuer, audiences, readFrom }) => (
            <tr key={`${formatObject(object)} ${issuer}`}>
              <th scope="row">
                <Name>{issuer}</Name>
              </th>
              <td>{audiences.join(', ') || t('tokens.anyAudience')}</td>
              <td>{readFrom.join(t('tokens.then'))}</td>
              <td>
                <TextButton onPress={() => onOpen(object)}>
                  <Name>{formatObject(object)}</Name>
                </TextButton>
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </>
  );
}
