import { useId, type ReactNode } from 'react';
import Drawer from '@material-ui/core/Drawer';
import { ButtonIcon, Text } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import legible from './legible.module.css';
import styles from './DetailDrawer.module.css';

/** Detail from the right; the page stays where it was. */
export function DetailDrawer(props: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, open, onClose, children } = props;
  const titleId = useId();
  const { t } = useMeshTranslation();
  return (
    <Drawer
      anchor="right"
      open={open}
      onClose={onClose}
      classes={{ paper: `${styles.paper} ${legible.legible}` }}
      PaperProps={{ role: 'dialog', 'aria-labelledby': titleId }}
    >
      <div className={styles.header}>
        <Text
          as="h2"
          id={titleId}
          variant="title-x-small"
          weight="bold"
          className={styles.title}
        >
          {title}
        </Text>
        <ButtonIcon
          aria-label={t('drawer.close')}
          variant="tertiary"
          icon={<RiCloseLine />}
          onPress={onClose}
        />
      </div>
      <div className={styles.body}>{children}</div>
    </Drawer>
  );
}
