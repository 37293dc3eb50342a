import type { ReactNode } from 'react';
import { Text } from '@backstage/ui';
import type {
  Finding,
  ObjectRef,
  ObjectYaml,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../../format';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { CopyButton } from '../yaml/CopyButton';
import { DetailDrawer } from './DetailDrawer';
import { FindingsList } from '../findings/FindingsList';
import { markedLines } from '../yaml/markedLines';
import { YamlBlock } from '../yaml/YamlBlock';
import styles from './ObjectDrawer.module.css';

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

/** An object and, where it is about one part of it, the place in it. */
export interface OpenObject {
  object: ObjectRef;
  path?: string;
  /** What the drawer is called, where that is not the object. */
  title?: string;
}

/** The text of an object with the lines in question marked, and what was found in it. */
export function ObjectDrawer(props: {
  open: OpenObject | undefined;
  objects: ObjectYaml[];
  findings: Finding[];
  onClose: () => void;
  /** What can be done with the object. */
  actions?: (object: ObjectYaml) => ReactNode;
}) {
  const { open, objects, findings, onClose, actions } = props;
  const { t } = useMeshTranslation();
  const found = open && objects.find(object => isSame(object, open.object));
  const about = open
    ? findings.filter(({ object }) => isSame(object, open.object))
    : [];
  const marked =
    found && open?.path ? markedLines(found.yaml, open.path) : undefined;

  return (
    <DetailDrawer
      title={open ? open.title ?? formatObject(open.object) : ''}
      open={open !== undefined}
      onClose={onClose}
    >
      {open?.title && (
        <Text color="secondary">
          {formatObject(open.object)}
          {open.path && `, ${open.path}`}
          {marked &&
            `, ${t('drawer.lines', {
              from: String(marked.from),
              to: String(marked.to),
            })}`}
        </Text>
      )}
      {about.length > 0 && <FindingsList findings={about} />}
      {found && (
        <>
          <div className={styles.actions}>
            <CopyButton text={found.yaml} label={t('drawer.copyYaml')} />
            {actions?.(found)}
          </div>
          <YamlBlock
            yaml={found.yaml}
            label={t('drawer.yamlOf', { object: formatObject(found) })}
            marked={marked}
          />
        </>
      )}
      {open && !found && <Text>{t('drawer.noText')}</Text>}
    </DetailDrawer>
  );
}
