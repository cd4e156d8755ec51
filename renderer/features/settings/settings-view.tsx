/** The person's settings: how Zabra looks, when it asks, and where it keeps things. Each takes effect at once. */
import { Button, Checkbox, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { Settings } from '../../../shared/api/app.ts';
import { api } from '../../api/client.ts';
import { changeSettings, useSettings } from '../../app/settings.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { askPermission, usePermission } from '../notifications/permission.ts';
import classes from './settings-view.module.css';

export function SettingsView(): ReactNode {
  const t = useTexts();
  return (
    <>
      <PaneHeader title={t('views.settings')} detail={t('settings:detail')} />
      <div className={classes.root}>
        <Group title={t('settings:appearance')}>
          <ThemeRow />
          <LanguageRow />
        </Group>
        <Group title={t('settings:browsing')}>
          <AskAboveRow />
        </Group>
        <Group title={t('settings:notifications')}>
          <NotificationRow />
        </Group>
        <Group title={t('settings:about')}>
          <AboutRows />
        </Group>
      </div>
    </>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className={classes.group}>
      <h2 className={classes.groupTitle}>{title}</h2>
      {children}
    </section>
  );
}

interface RowProps {
  readonly label: string;
  readonly hint?: string;
  /** Gets the id of the label. */
  readonly children: (labelId: string) => ReactNode;
}

function Row({ label, hint, children }: RowProps): ReactNode {
  const labelId = useId();
  return (
    <div className={classes.row}>
      <span id={labelId} className={classes.label}>
        {label}
      </span>
      <div>
        {children(labelId)}
        {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      </div>
    </div>
  );
}

const THEMES = ['system', 'dark', 'light'] as const satisfies readonly Settings['theme'][];

function ThemeRow(): ReactNode {
  const t = useTexts();
  const { theme } = useSettings();
  return (
    <Row label={t('settings:theme')}>
      {(labelId) => (
        <SegmentedControl
          aria-labelledby={labelId}
          value={theme}
          onChange={(next) => {
            changeSettings({ theme: next });
          }}
          data={THEMES.map((value) => ({ value, label: t(`frame.themeNames.${value}`) }))}
        />
      )}
    </Row>
  );
}

const LANGUAGES = ['system', 'en', 'zh-CN'] as const satisfies readonly Settings['language'][];

function LanguageRow(): ReactNode {
  const t = useTexts();
  const { language } = useSettings();
  return (
    <Row label={t('settings:language')}>
      {(labelId) => (
        <Select
          className={classes.select}
          aria-labelledby={labelId}
          allowDeselect={false}
          value={language}
          onChange={(next) => {
            const wanted = LANGUAGES.find((value) => value === next);
            if (wanted) changeSettings({ language: wanted });
          }}
          data={LANGUAGES.map((value) => ({ value, label: t(`settings:languages.${value}`) }))}
        />
      )}
    </Row>
  );
}

function AskAboveRow(): ReactNode {
  const t = useTexts();
  const saved = useSettings().childrenAskAbove;
  const [typed, setTyped] = useState<number | string>(saved);
  const isValid = Settings.shape.childrenAskAbove.safeParse(typed).success;
  return (
    <Row label={t('settings:askAbove')} hint={t('settings:askAboveHint')}>
      {(labelId) => (
        <div className={classes.number}>
          <NumberInput
            className={classes.count}
            classNames={{ input: classes.mono }}
            aria-labelledby={labelId}
            value={typed}
            error={isValid ? undefined : t('settings:range')}
            onChange={(next) => {
              setTyped(next);
              const parsed = Settings.shape.childrenAskAbove.safeParse(next);
              if (parsed.success) changeSettings({ childrenAskAbove: parsed.data });
            }}
          />
          {t('settings:askAboveUnit')}
        </div>
      )}
    </Row>
  );
}

/** A browser asks the person once more, and only after a click. */
function NotificationRow(): ReactNode {
  const t = useTexts();
  const { notifies } = useSettings();
  const permission = usePermission();
  return (
    <Row label={t('settings:notifies')} hint={t('settings:notifiesHint')}>
      {(labelId) => (
        <div className={classes.number}>
          <Checkbox
            aria-describedby={labelId}
            label={t('settings:notifiesOn')}
            checked={notifies}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              changeSettings({ notifies: isOn });
              if (isOn) void askPermission();
            }}
          />
          {notifies && permission === 'default' && (
            <Button size="compact-xs" onClick={() => void askPermission()}>
              {t('settings:allowNotifications')}
            </Button>
          )}
          {notifies && permission === 'denied' && t('settings:notificationsDenied')}
        </div>
      )}
    </Row>
  );
}

function AboutRows(): ReactNode {
  const t = useTexts();
  const { data: info } = useQuery(api.app.info.queryOptions());
  if (!info) return null;
  return (
    <>
      <Row label={t('settings:version')}>
        {() => (
          <p className={classes.value}>
            <code>{info.version}</code>
          </p>
        )}
      </Row>
      <Row label={t('settings:shell')}>
        {() => <p className={classes.value}>{t(`settings:shells.${info.shell}`)}</p>}
      </Row>
      <Row label={t('settings:secrets')}>
        {() => <p className={classes.value}>{t(`settings:secretStores.${info.secretStore}`)}</p>}
      </Row>
      <Row label={t('settings:dataFolder')}>
        {() => (
          <p className={classes.value}>
            <code>{info.dataFolder}</code>
            <CopyButton value={info.dataFolder} what={t('settings:dataFolder')} />
          </p>
        )}
      </Row>
    </>
  );
}
