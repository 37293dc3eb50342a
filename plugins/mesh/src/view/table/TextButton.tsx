import type { ReactNode } from 'react';
import styles from './TextButton.module.css';

/** Words in a text or a table that open something. */
export function TextButton(props: {
  onPress: () => void;
  children: ReactNode;
  /** Where the words alone do not say enough. */
  label?: string;
  quiet?: boolean;
}) {
  const { onPress, children, label, quiet } = props;
  return (
    <button
      type="button"
      className={quiet ? styles.quiet : styles.button}
      aria-label={label}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
