/** The top of the window: connection, where the person is in it, the palette, theme and language. */
import { Menu } from '@mantine/core';
import { Check, Monitor, Moon, Search, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Settings } from '../../../shared/api/app.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { Mark } from '../../components/mark.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useThemeName } from '../../theme/theme-provider.tsx';
import { openOverlay } from '../overlays.ts';
import { changeSettings, useSettings } from '../settings.ts';
import { useLanguage } from '../use-format.ts';
import { useWorkspace } from '../workspace.ts';
import { ConnectionSwitcher } from './connection-switcher.tsx';
import { PathBar } from './path-bar.tsx';
import classes from './title-bar.module.css';
import { WriteGuardState } from './write-guard.tsx';

export function TitleBar(): ReactNode {
  const t = useTexts();
  return (
    // Not a <header>: the dialogs have one, and a page may have one banner.
    <section aria-label={t('frame.titleBar')} className={classes.root}>
      <span className={classes.mark} role="img" aria-label="Zabra">
        <Mark size={20} />
      </span>
      <ConnectionSwitcher />
      <WriteGuardState />
      <Place />
      <button
        type="button"
        className={classes.search}
        onClick={() => {
          openOverlay('palette');
        }}
      >
        <Search size={14} strokeWidth={1.75} aria-hidden />
        <span className={classes.searchText}>{t('frame.search')}</span>
        <KeyHint shortcut="Mod+K" />
      </button>
      <ThemeMenu />
      <LanguageButton />
    </section>
  );
}

/** The path in Browse; elsewhere the name of the view, since a path would claim that the view is about it. */
function Place(): ReactNode {
  const t = useTexts();
  const view = useWorkspace((state) => state.view);
  const hasConnection = useWorkspace((state) => state.connectionId !== null);
  if (view === 'browse') return hasConnection ? <PathBar /> : <span className={classes.gap} />;
  return <span className={classes.view}>{t(`views.${view}`)}</span>;
}

const THEMES = [
  { theme: 'system', icon: Monitor },
  { theme: 'dark', icon: Moon },
  { theme: 'light', icon: Sun },
] as const satisfies readonly { theme: Settings['theme']; icon: typeof Sun }[];

function ThemeMenu(): ReactNode {
  const t = useTexts();
  const setting = useSettings().theme;
  const name = useThemeName();
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <IconButton
          icon={name === 'dark' ? Moon : Sun}
          size={16}
          label={t('frame.theme', { theme: t(`frame.themeNames.${setting}`) })}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map(({ theme, icon: Icon }) => (
          <Menu.Item
            key={theme}
            leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}
            rightSection={theme === setting ? <Check size={14} strokeWidth={1.75} aria-hidden /> : null}
            aria-current={theme === setting}
            onClick={() => {
              changeSettings({ theme });
            }}
          >
            {t(`frame.themeNames.${theme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Says the other language in that language, so that whoever landed in the wrong one finds out. */
function LanguageButton(): ReactNode {
  const t = useTexts();
  const language = useLanguage();
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <button
      type="button"
      className={classes.language}
      lang={other}
      title={t('frame.switchLanguage')}
      onClick={() => {
        changeSettings({ language: other });
      }}
    >
      {t('frame.otherLanguage')}
    </button>
  );
}
