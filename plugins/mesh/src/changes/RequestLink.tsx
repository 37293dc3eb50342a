import { Link } from '@backstage/ui';

/** A link to a pull request; of what is no address of the web, only the text. */
export function RequestLink(props: { url: string; children: string }) {
  const { url, children } = props;
  return /^https?:\/\//.test(url) ? (
    <Link href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}
