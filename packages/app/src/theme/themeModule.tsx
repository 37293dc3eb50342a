import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { ThemeBlueprint } from '@backstage/plugin-app-react';
import { UnifiedThemeProvider, type UnifiedTheme } from '@backstage/theme';
import DarkIcon from '@material-ui/icons/Brightness2';
import LightIcon from '@material-ui/icons/WbSunny';
import { darkContrast, lightContrast } from './contrastThemes';
import './contrast.css';

function contrastTheme(options: {
  variant: 'light' | 'dark';
  title: string;
  icon: JSX.Element;
  theme: UnifiedTheme;
}) {
  const { variant, title, icon, theme } = options;
  return ThemeBlueprint.make({
    name: `${variant}-contrast`,
    params: {
      theme: {
        id: `${variant}-contrast`,
        title,
        variant,
        icon,
        Provider: ({ children }) => (
          <UnifiedThemeProvider theme={theme} themeName="contrast">
            {children}
          </UnifiedThemeProvider>
        ),
      },
    },
  });
}

/** Themes of more contrast, beside Backstage's own; app-config.yaml puts them first, so that they are what one gets unasked. */
export const themeModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    contrastTheme({
      variant: 'light',
      title: 'Light, more contrast',
      icon: <LightIcon />,
      theme: lightContrast,
    }),
    contrastTheme({
      variant: 'dark',
      title: 'Dark, more contrast',
      icon: <DarkIcon />,
      theme: darkContrast,
    }),
  ],
});
