import { Text } from '@backstage/ui';
import type { ObjectRef, RoutesView } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { Facts } from '../view/table/Facts';
import { Section } from '../view/frame/Section';
import table from '../view/table/table.module.css';
import { TextButton } from '../view/table/TextButton';
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

function Protection(props: { view: RoutesView }) {
  const { protection, counters } = props.view;
  const { t } = useMeshTranslation();
  if (protection.length === 0) {
    // What is not there can do nothing, told or not.
    return <>{t('around.noProtection')}</>;
  }
  return (
    <>
      <Sentences of={protection} />
      <ProtectionNow counters={counters} />
    </>
  );
}

function WaysIn(props: { of: RoutesView['waysIn'] }) {
  const { t } = useMeshTranslation();
  return props.of.length === 0 ? (
    <>{t('around.noWaysIn')}</>
  ) : (
    <ul className={table.plain}>
      {props.of.map(({ gateway, hosts, tls }) => (
        <li key={`${gateway} ${hosts.join()}`}>
          <strong>{gateway}</strong> ({hosts.join(', ')}
          {tls && `, ${tls}`})
        </li>
      ))}
    </ul>
  );
}

function Objects(props: {
  of: ObjectRef[];
  onOpen: (object: ObjectRef) => void;
}) {
  const { of: objects, onOpen } = props;
  const { t } = useMeshTranslation();
  return objects.length === 0 ? (
    <Text>{t('around.noObjects')}</Text>
  ) : (
    <ul className={table.plain}>
      {objects.map(object => (
        <li key={formatObject(object)}>
          <TextButton onPress={() => onOpen(object)}>
            {formatObject(object)}
          </TextButton>
        </li>
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
  const { callers } = view;
  const { t } = useMeshTranslation();
  const facts = [
    { name: t('around.protection'), fact: <Protection view={view} /> },
    { name: t('around.place'), fact: <Sentences of={view.locality} /> },
    { name: t('around.waysIn'), fact: <WaysIn of={view.waysIn} /> },
    {
      name: t('around.callers'),
      fact:
        callers.length === 0
          ? t('around.noCallers')
          : t('around.seen', {
              count: callers.length,
              names: callers.join(', '),
            }),
    },
    {
      name: t('around.objects'),
      fact: <Objects of={view.objects} onOpen={onOpen} />,
    },
  ];
  return (
    <Section title={t('around.title')}>
      <Facts of={facts} />
    </Section>
  );
}
