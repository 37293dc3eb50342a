import { Link } from '@backstage/ui';
import styles from './RequestLink.module.css';

/** A link to a pull request; of what is no address of the web, only the text. */
export function RequestLink(props: { url: string; children: string }) {
  const { url, children } = props;
  return /^https?:\/\//.test(url) ? (
    <Link
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={styles.link}
    >
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}
