import { useRef, type ReactNode } from 'react';
import { BgProvider, ButtonIcon } from '@backstage/ui';
import Drawer from '@material-ui/core/Drawer';
import { RiCloseLine } from '@remixicon/react';
import { FocusScope, useDialog } from 'react-aria';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import legible from '../legible.module.css';
import styles from './DetailDrawer.module.css';

/** As high as the kit's dialogs, so that one that is opened from a drawer lies above it. */
const DIALOG_LAYER = 1000;

/** At once: what was shown is gone already. */
const TRANSITION_MS = { enter: 200, exit: 0 };

/** For the `ref` of a drawer: without this the keyboard would stop at its two ends, where nothing is. */
function leaveOutEnds(drawer: HTMLElement | null) {
  drawer
    ?.querySelectorAll<HTMLElement>('[data-test^=sentinel]')
    .forEach(end => {
      end.tabIndex = -1;
    });
}

function DrawerDialog(props: {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, closeLabel, onClose, children } = props;
  const dialog = useRef<HTMLElement>(null);
  const { dialogProps, titleProps } = useDialog({}, dialog);
  return (
    <section ref={dialog} className={styles.dialog} {...dialogProps}>
      <header className={styles.header}>
        <h2 className={styles.title} {...titleProps}>
          {title}
        </h2>
        <ButtonIcon
          aria-label={closeLabel}
          variant="tertiary"
          icon={<RiCloseLine />}
          onPress={onClose}
        />
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

/** Detail from the right; the page stays where it was. */
export function DetailDrawer(props: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, open, onClose, children } = props;
  // Here and not in the dialog: words that still have to be loaded would hold up the click that opens it.
  const { t } = useMeshTranslation();
  return (
    <Drawer
      ref={leaveOutEnds}
      anchor="right"
      open={open}
      onClose={onClose}
      transitionDuration={TRANSITION_MS}
      style={{ zIndex: DIALOG_LAYER }}
      className={styles.drawer}
      classes={{ paper: `${styles.paper} ${legible.legible}` }}
      BackdropProps={{ className: styles.backdrop }}
      // FocusScope holds the focus as it does in the kit's dialogs, so that both know of each other.
      disableAutoFocus
      disableEnforceFocus
      disableRestoreFocus
    >
      <FocusScope contain restoreFocus>
        <BgProvider bg="neutral-1">
          <DrawerDialog
            title={title}
            closeLabel={t('drawer.close')}
            onClose={onClose}
          >
            {children}
          </DrawerDialog>
        </BgProvider>
      </FocusScope>
    </Drawer>
  );
}
