import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import MenuIcon from '@material-ui/icons/Menu';
import { Brand } from './Brand';

export const navigationModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    NavContentBlueprint.make({
      params: {
        component: ({ navItems }) => {
          const nav = navItems.withComponent(item => (
            <SidebarItem
              icon={() => <>{item.icon}</>}
              to={item.href}
              text={item.title}
            />
          ));
          return (
            <Sidebar>
              <Brand />
              <SidebarDivider />
              <SidebarGroup label="Menu" icon={<MenuIcon />}>
                {nav.take('page:catalog')}
                {nav.take('page:scaffolder')}
                {nav.rest({ sortBy: 'title' })}
              </SidebarGroup>
              <SidebarSpace />
            </Sidebar>
          );
        },
      },
    }),
  ],
});
