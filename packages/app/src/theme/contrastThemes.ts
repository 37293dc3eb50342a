import { createUnifiedTheme, palettes } from '@backstage/theme';

/** Words at 7:1 and more on every ground that Backstage puts them on, as WCAG 2.2 AAA asks. */
const light = {
  ...palettes.light,
  text: { secondary: '#525252' },
  textSubtle: '#525252',
  link: '#075490',
  navigation: { ...palettes.light.navigation, color: '#dcdcdc' },
};

const dark = {
  ...palettes.dark,
  primary: { main: '#bcdcff', dark: '#9cc9ff' },
  text: { secondary: '#dcdcdc' },
  textSubtle: '#dcdcdc',
  link: '#bcdcff',
  linkHover: '#bcdcff',
  navigation: { ...palettes.dark.navigation, color: '#dcdcdc' },
};

const components = {
  // The menu of a narrow page is not the only navigation there, and has no name of its own.
  MuiBottomNavigation: { defaultProps: { 'aria-label': 'Menu' } },
};

export const lightContrast = createUnifiedTheme({ palette: light, components });

export const darkContrast = createUnifiedTheme({ palette: dark, components });
