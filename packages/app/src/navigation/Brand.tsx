import { Link, useSidebarOpenState } from '@backstage/core-components';

/** The mark at the top of the side bar: the whole name where there is room. */
export function Brand() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      aria-label="Meshdeck, home"
      style={{
        color: '#fff',
        display: 'block',
        fontWeight: 700,
        fontSize: 18,
        padding: '24px 22px',
      }}
    >
      {isOpen ? 'Meshdeck' : 'M'}
    </Link>
  );
}
