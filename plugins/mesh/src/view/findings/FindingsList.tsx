import { Button, Text } from '@backstage/ui';
import {
  type Finding,
  type ObjectRef,
  permissionToMend,
} from '@meshdeck/plugin-mesh-common';
import { useCannot } from '../useCannot';
import { useMend } from './useMend';
import { formatObject } from '../../format';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { StatusMark } from '../verdict/StatusMark';
import { TextButton } from '../table/TextButton';
import styles from './FindingsList.module.css';

/** Configuration that does not do what it says, and how to mend it. */
export function FindingsList(props: {
  findings: Finding[];
  /** Opens the object of a finding. */
  onOpen?: (object: ObjectRef, path?: string) => void;
}) {
  const { findings, onOpen } = props;
  const { t } = useMeshTranslation();
  const mend = useMend();
  const cannot = useCannot();
  return (
    <ul className={styles.list}>
      {findings.map(finding => {
        const where = `${formatObject(finding.object)}${
          finding.path ? `, ${finding.path}` : ''
        }`;
        const whyNot = finding.mend && cannot([permissionToMend(finding)]);
        return (
          <li
            key={`${finding.code} ${where} ${finding.message}`}
            className={styles.finding}
          >
            <StatusMark level={finding.level}>
              <strong>{t(`findings.${finding.level}`)}</strong>{' '}
              <span className={styles.code}>{finding.code}</span>{' '}
              {finding.message}
            </StatusMark>
            <div className={styles.more}>
              <Text as="p" variant="body-medium" className={styles.fix}>
                <strong>{t('findings.todo')}</strong> {finding.fix}
              </Text>
              {onOpen ? (
                <TextButton
                  quiet
                  onPress={() => onOpen(finding.object, finding.path)}
                >
                  {where}
                </TextButton>
              ) : (
                <span className={styles.where}>{where}</span>
              )}
              {mend && finding.mend && (
                <div className={styles.mend}>
                  <Button
                    variant="secondary"
                    size="small"
                    isDisabled={whyNot !== undefined}
                    aria-label={t('findings.mendOf', {
                      code: finding.code,
                      object: formatObject(finding.object),
                    })}
                    onPress={() => mend(finding)}
                  >
                    {t('findings.mend')}
                  </Button>
                  {whyNot && (
                    <Text as="p" variant="body-small" color="secondary">
                      {whyNot}
                    </Text>
                  )}
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
