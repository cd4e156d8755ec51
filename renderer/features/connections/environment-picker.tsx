/** dev, staging or production, each with its colour; production chosen is solid. */
import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { Environment } from '../../../shared/api/connections.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './environment-picker.module.css';

interface EnvironmentPickerProps {
  readonly labelId: string;
  readonly value: Environment;
  readonly onChange: (environment: Environment) => void;
}

export function EnvironmentPicker({ labelId, value, onChange }: EnvironmentPickerProps): ReactNode {
  const t = useTexts();
  return (
    <SegmentedControl
      aria-labelledby={labelId}
      classNames={value === 'production' ? { indicator: classes.solid } : {}}
      value={value}
      onChange={onChange}
      data={Environment.options.map((environment) => ({
        value: environment,
        label: (
          <span
            className={classNames(
              classes.option,
              environment === value && environment === 'production' && classes.onSolid,
            )}
          >
            <span aria-hidden className={classNames(classes.square, classes[environment])} />
            {t(`environment.${environment}`)}
          </span>
        ),
      }))}
    />
  );
}
