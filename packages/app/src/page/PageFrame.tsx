import {
  BreadcrumbEntry,
  useBreadcrumbEntries,
  type PageLayoutProps,
} from '@backstage/frontend-plugin-api';
import { PluginHeader } from '@backstage/ui';
import { NavLink, useResolvedPath } from 'react-router-dom';
import styles from './PageFrame.module.css';

/**
 * The header above each page as a landmark of its own. The parts of a page are links: as tabs they would promise
 * panels that are not there.
 */
export function PageFrame(props: PageLayoutProps) {
  const { title, icon, noHeader, titleLink, headerActions, tabs, children } =
    props;
  const { pathname } = useResolvedPath('.');
  const { items: breadcrumbs } = useBreadcrumbEntries();
  if (noHeader) return <>{children}</>;

  const hasParts = tabs !== undefined && tabs.length > 0;
  const framed = (
    <>
      <header className={hasParts ? styles.withParts : undefined}>
        <PluginHeader
          title={title}
          icon={icon}
          titleLink={titleLink}
          breadcrumbs={breadcrumbs}
          customActions={headerActions}
        />
        {hasParts && (
          <nav aria-label={title} className={styles.parts}>
            <ul>
              {tabs.map(({ id, label, href }) => (
                <li key={id}>
                  <NavLink to={href}>{label}</NavLink>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
      {children}
    </>
  );
  if (!title) return framed;
  return (
    <BreadcrumbEntry entry={{ label: title, href: titleLink ?? pathname }}>
      {framed}
    </BreadcrumbEntry>
  );
}
