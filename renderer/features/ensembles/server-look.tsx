/** How a server looks: its shape and word, by its process first and by what it tells then. */
import { CirclePause } from 'lucide-react';
import type { ReactNode } from 'react';
import type { EnsembleServerDto, LiveServerDto } from '../../../shared/api/ensembles.ts';
import { RoleBadge, RoleShape, type SeenRole } from '../../components/role-badge.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './server-look.module.css';

export type ServerLook = SeenRole | 'paused';

/** One that runs and has not told anything yet looks like one that looks for a leader: it does not serve as far as is known. */
export function lookOf(server: EnsembleServerDto, live: LiveServerDto | undefined): ServerLook {
  switch (server.process) {
    case 'stopped':
      return 'down';
    case 'paused':
      return 'paused';
    case 'starting':
      return 'looking';
    case 'running':
      return live?.mode ?? 'looking';
  }
}

export function ServerShape({ look }: { readonly look: ServerLook }): ReactNode {
  if (look === 'paused')
    return <CirclePause size={11} strokeWidth={2} aria-hidden className={classes.paused} />;
  return <RoleShape role={look} />;
}

export function ServerBadge({ look }: { readonly look: ServerLook }): ReactNode {
  const t = useTexts();
  if (look !== 'paused' && look !== 'down') return <RoleBadge role={look} />;
  return (
    <span className={classes.badge} data-look={look}>
      <ServerShape look={look} />
      {t(look === 'paused' ? 'ensembles:server.paused' : 'ensembles:server.stopped')}
    </span>
  );
}
