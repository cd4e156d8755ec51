/** Says what anybody who can reach the cluster may do to the node, with the one-click remedy. */
import { Button } from '@mantine/core';
import { ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../../../i18n/use-texts.ts';
import { PERM_BITS } from './acl-model.ts';
import classes from './acl.module.css';

interface OpenWorldNoticeProps {
  /** Bits that `world:anyone` has and should not. */
  readonly harm: number;
  readonly isFixable: boolean;
  readonly onFix: () => void;
}

export function OpenWorldNotice({ harm, isFixable, onFix }: OpenWorldNoticeProps): ReactNode {
  const t = useTexts();
  const rights = PERM_BITS.filter(({ bit }) => (harm & bit) !== 0)
    .map(({ name }) => t(`browse:acl.perm.${name}`))
    .join(t('browse:acl.listSeparator'));
  return (
    <div className={classes.danger}>
      <ShieldAlert size={16} strokeWidth={1.75} aria-hidden className={classes.dangerIcon} />
      <div className={classes.noticeText}>
        <p className={classes.noticeTitle}>{t('browse:acl.worldTitle')}</p>
        <p>{t('browse:acl.worldText', { rights })}</p>
      </div>
      <Button disabled={!isFixable} onClick={onFix}>
        {t('browse:acl.makeReadOnly')}
      </Button>
    </div>
  );
}
