/** A slider through values that are worth trying, which are not evenly spread. */
import { Slider } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface StepSliderProps<T> {
  /** What it sets; its accessible name. */
  readonly label: string;
  /** Ascending, in the order in which the slider goes through them. */
  readonly steps: readonly T[];
  /** Which step holds now. */
  readonly step: number;
  readonly format: (value: T) => string;
  readonly onChange: (value: T) => void;
}

export function StepSlider<T>({ label, steps, step, format, onChange }: StepSliderProps<T>): ReactNode {
  const [shown, setShown] = useState(step);
  const [known, setKnown] = useState(step);
  // It was changed from elsewhere.
  if (known !== step) {
    setKnown(step);
    setShown(step);
  }
  const textOf = (at: number): string => {
    const value = steps[at];
    return value === undefined ? '' : format(value);
  };
  return (
    <Slider
      size="xs"
      thumbLabel={label}
      thumbProps={{ 'aria-valuetext': textOf(shown) }}
      min={0}
      max={steps.length - 1}
      step={1}
      value={shown}
      label={textOf}
      onChange={setShown}
      onChangeEnd={(at) => {
        const value = steps[at];
        if (value !== undefined) onChange(value);
      }}
    />
  );
}
