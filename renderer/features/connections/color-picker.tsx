/** Six colours as radio buttons: a person's own mark for a connection. */
import { type ReactNode, useId } from 'react';
import { ProfileColor } from '../../../shared/api/connections.ts';
import { ColorDot } from '../../components/color-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './color-picker.module.css';

interface ColorPickerProps {
  readonly value: ProfileColor;
  readonly onChange: (color: ProfileColor) => void;
}

export function ColorPicker({ value, onChange }: ColorPickerProps): ReactNode {
  const t = useTexts();
  const name = useId();
  return (
    <div role="radiogroup" aria-label={t('connections:form.color')} className={classes.root}>
      {ProfileColor.options.map((color) => (
        <label key={color} className={classes.option} title={t(`frame.connectionColor.${color}`)}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            aria-label={t(`frame.connectionColor.${color}`)}
            checked={color === value}
            onChange={() => {
              onChange(color);
            }}
          />
          <ColorDot color={color} />
        </label>
      ))}
    </div>
  );
}
