import type { ReactNode } from 'react';
import { Dialog, DialogBody, DialogHeader } from '@backstage/ui';
import legible from '../legible.module.css';
import styles from './DetailDrawer.module.css';
import { useCloseLabel } from './useCloseLabel';

/** Detail from the right; the page stays where it was. */
export function DetailDrawer(props: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, open, onClose, children } = props;
  return (
    <Dialog
      ref={useCloseLabel()}
      isOpen={open}
      onOpenChange={isOpen => {
        if (!isOpen) onClose();
      }}
      className={`${styles.paper} ${legible.legible}`}
    >
      <DialogHeader className={styles.header}>{title}</DialogHeader>
      <DialogBody className={styles.body}>{children}</DialogBody>
    </Dialog>
  );
}
