import { Text } from '@backstage/ui';
import type { ObjectRef, RoutesView } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { Facts } from '../view/drawer/Facts';
import { Section } from '../view/frame/Section';
import table from '../view/table/table.module.css';
import { TextButton } from '../view/findings/TextButton';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ProtectionNow } from './ProtectionNow';

function Sentences(props: { of: string[] }) {
  return (
    <ul className={table.plain}>
      {props.of.map(sentence => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

/** What protects the service, how requests reach it, and which objects say so. */
export function Surroundings(props: {
  view: RoutesView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { view, onOpen } = props;
  const { t } = useMeshTranslation();
  return (
    <Section title={t('around.title')}>
      <Facts
        of={[
          {
            name: t('around.protection'),
            fact: (
              <>
                {view.protection.length === 0 ? (
                  t('around.noProtection')
                ) : (
                  <Sentences of={view.protection} />
                )}
                <ProtectionNow counters={view.counters} />
              </>
            ),
          },
          {
            name: t('around.place'),
            fact: <Sentences of={view.locality} />,
          },
          {
            name: t('around.waysIn'),
            fact:
              view.waysIn.length === 0 ? (
                t('around.noWaysIn')
              ) : (
                <ul className={table.plain}>
                  {view.waysIn.map(({ gateway, hosts, tls }) => (
                    <li key={`${gateway} ${hosts.join()}`}>
                      <strong>{gateway}</strong> ({hosts.join(', ')}
                      {tls && `, ${tls}`})
                    </li>
                  ))}
                </ul>
              ),
          },
          {
            name: t('around.callers'),
            fact:
              view.callers.length === 0
                ? t('around.noCallers')
                : t('around.seen', {
                    count: view.callers.length,
                    names: view.callers.join(', '),
                  }),
          },
          {
            name: t('around.objects'),
            fact:
              view.objects.length === 0 ? (
                <Text>{t('around.noObjects')}</Text>
              ) : (
                <ul className={table.plain}>
                  {view.objects.map(object => (
                    <li key={formatObject(object)}>
                      <TextButton onPress={() => onOpen(object)}>
                        {formatObject(object)}
                      </TextButton>
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Section>
  );
}
