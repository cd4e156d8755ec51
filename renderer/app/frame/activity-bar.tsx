/** The views of the present connection, the local ensembles, and the settings. Only what exists. */
import {
  Boxes,
  FolderTree,
  type LucideIcon,
  Radio,
  Server,
  SlidersHorizontal,
  Stethoscope,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useFindings } from '../findings.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type ViewName, openView, useWorkspace } from '../workspace.ts';
import classes from './activity-bar.module.css';

interface Activity {
  readonly view: Exclude<ViewName, 'connections'>;
  readonly icon: LucideIcon;
}

const OF_CONNECTION: readonly Activity[] = [
  { view: 'browse', icon: FolderTree },
  { view: 'events', icon: Radio },
  { view: 'sessions', icon: Users },
  { view: 'cluster', icon: Server },
  { view: 'diagnose', icon: Stethoscope },
];

export function ActivityBar(): ReactNode {
  const t = useTexts();
  const hasConnection = useWorkspace((state) => state.connectionId !== null);
  return (
    <nav className={classes.root} aria-label={t('frame.activity')}>
      {OF_CONNECTION.map((activity) => (
        <ActivityButton key={activity.view} {...activity} isDisabled={!hasConnection} />
      ))}
      <ActivityButton view="ensembles" icon={Boxes} isDisabled={false} />
      <span className={classes.gap} />
      <ActivityButton view="settings" icon={SlidersHorizontal} isDisabled={false} />
    </nav>
  );
}

const NEWS_MAX = 99;

/** How much was found while the person was elsewhere. */
function News(): ReactNode {
  const t = useTexts();
  const count = useFindings(({ unseen }) => unseen.size);
  if (count === 0) return null;
  return (
    <span className={classes.news}>
      <span aria-hidden>{count > NEWS_MAX ? `${NEWS_MAX}+` : count}</span>
      <span className="visually-hidden">{t('frame.newFindings', { count })}</span>
    </span>
  );
}

function ActivityButton({
  view,
  icon: Icon,
  isDisabled,
}: Activity & { readonly isDisabled: boolean }): ReactNode {
  const t = useTexts();
  const isHere = useWorkspace((state) => state.view === view) && !isDisabled;
  return (
    <button
      type="button"
      disabled={isDisabled}
      aria-current={isHere ? 'page' : undefined}
      className={classNames(classes.button, isHere && classes.here)}
      onClick={() => {
        openView(view);
      }}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      {t(`views.${view}`)}
      {view === 'diagnose' && !isDisabled && <News />}
    </button>
  );
}
