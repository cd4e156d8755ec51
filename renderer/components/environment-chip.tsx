/** The environment of a connection by name and colour; production is solid, so that it is never overlooked. */
import type { ReactNode } from 'react';
import type { Environment } from '../../shared/api/connections.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { classNames } from './class-names.ts';
import classes from './environment-chip.module.css';

export function EnvironmentChip({ environment }: { readonly environment: Environment }): ReactNode {
  const t = useTexts();
  return (
    <span className={classNames(classes.chip, classes[environment])}>{t(`environment.${environment}`)}</span>
  );
}
