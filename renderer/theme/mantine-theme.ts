/**
 * Mantine on Zabra's tokens: the one file that knows both. Widgets take their colours from tokens.css through
 * Mantine's own variables and `variantColors`; their measures are in mantine-theme.module.css. Ink is the interface,
 * colour is meaning: `color="red"` is the button that destroys, every other filled button is ink.
 */
import {
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
  createTheme,
} from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { createElement } from 'react';
import classes from './mantine-theme.module.css';

/** Mantine demands ten shades; every one is the token, and the variants below are what is used. */
const shades = (token: string): MantineColorsTuple => {
  const color = `var(--${token})`;
  return [color, color, color, color, color, color, color, color, color, color];
};

const variantColors: VariantColorsResolver = ({ variant, color }) => {
  const isDanger = color === 'red' || color === 'danger';
  switch (variant) {
    case 'filled':
      return isDanger
        ? {
            background: 'var(--danger-solid)',
            hover: 'color-mix(in srgb, var(--danger-solid) 88%, var(--text-1))',
            color: 'var(--on-danger)',
            border: '1px solid transparent',
          }
        : {
            background: 'var(--ink)',
            hover: 'var(--ink-hover)',
            color: 'var(--on-ink)',
            border: '1px solid transparent',
          };
    case 'outline':
    case 'default':
      return {
        background: 'var(--surface-3)',
        hover: 'var(--surface-4)',
        color: isDanger ? 'var(--danger)' : 'var(--text-1)',
        border: `1px solid var(${isDanger ? '--danger-line' : '--border-2'})`,
      };
    default:
      return {
        background: 'transparent',
        hover: isDanger ? 'var(--danger-bg)' : 'var(--surface-3)',
        color: isDanger ? 'var(--danger)' : 'var(--text-2)',
        border: '1px solid transparent',
      };
  }
};

const input = {
  defaultProps: { size: 'xs' },
  classNames: { input: classes.input, wrapper: classes.inputWrapper },
};
const field = {
  defaultProps: { size: 'xs' },
  classNames: {
    input: classes.input,
    wrapper: classes.inputWrapper,
    label: classes.label,
    description: classes.description,
    error: classes.error,
  },
};
/** What opens a list points down. */
const caret = createElement(ChevronDown, { size: 14, strokeWidth: 1.75, 'aria-hidden': true });
const dropdown = { shadow: 'md', transitionProps: { duration: 80 } };

export const theme = createTheme({
  primaryColor: 'ink',
  colors: { ink: shades('ink'), red: shades('danger-solid') },
  white: '#ffffff',
  black: '#14181d',
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.5', lg: '1.4', xl: '1.3' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '8px', xl: '8px' },
  shadows: {
    xs: 'none',
    sm: 'none',
    md: 'var(--shadow-pop)',
    lg: 'var(--shadow-pop)',
    xl: 'var(--shadow-pop)',
  },
  defaultRadius: 5,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: variantColors,
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' }, classNames: { root: classes.button } },
    ActionIcon: { defaultProps: { size: 24, variant: 'subtle' } },
    Input: input,
    TextInput: field,
    PasswordInput: { ...field, classNames: { ...field.classNames, innerInput: classes.innerInput } },
    NumberInput: { ...field, defaultProps: { size: 'xs', hideControls: true, thousandSeparator: '\u2009' } },
    Textarea: field,
    Select: { ...field, defaultProps: { size: 'xs', comboboxProps: dropdown, rightSection: caret } },
    Autocomplete: { ...field, defaultProps: { size: 'xs', comboboxProps: dropdown } },
    Checkbox: {
      defaultProps: { size: 'xs' },
      classNames: { root: classes.checkbox, input: classes.check, label: classes.checkLabel },
    },
    Radio: { defaultProps: { size: 'xs' } },
    SegmentedControl: {
      defaultProps: { size: 'xs', transitionDuration: 0, withItemsBorders: false },
      classNames: {
        root: classes.segments,
        control: classes.segment,
        label: classes.segmentLabel,
        indicator: classes.segmentIndicator,
      },
    },
    Tooltip: {
      defaultProps: { openDelay: 400, transitionProps: { duration: 80 }, withArrow: false, offset: 4 },
      classNames: { tooltip: classes.tooltip },
    },
    Menu: {
      defaultProps: { ...dropdown, offset: 4, withInitialFocusPlaceholder: false },
      classNames: {
        dropdown: classes.dropdown,
        item: classes.menuItem,
        label: classes.menuLabel,
        divider: classes.menuDivider,
      },
    },
    Popover: { defaultProps: { ...dropdown, offset: 4 }, classNames: { dropdown: classes.dropdown } },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 140, transition: 'fade' },
        overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 },
        radius: 8,
        padding: 16,
      },
      classNames: { content: classes.modal, header: classes.modalHeader, title: classes.modalTitle },
    },
    Tabs: { classNames: { list: classes.tabs, tab: classes.tab, tabLabel: classes.tabLabel } },
  },
});

/** Mantine's variables, in both schemes, as tokens: the tokens themselves change with the theme. */
export const cssVariables: CSSVariablesResolver = () => {
  const tokens = {
    '--mantine-color-body': 'var(--surface-2)',
    '--mantine-color-text': 'var(--text-1)',
    '--mantine-color-dimmed': 'var(--text-3)',
    '--mantine-color-bright': 'var(--text-1)',
    '--mantine-color-anchor': 'var(--link)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-color-default': 'var(--surface-3)',
    '--mantine-color-default-hover': 'var(--surface-4)',
    '--mantine-color-default-color': 'var(--text-1)',
    '--mantine-color-default-border': 'var(--border-2)',
    '--mantine-color-disabled': 'var(--surface-3)',
    '--mantine-color-disabled-color': 'var(--text-off)',
    '--mantine-color-disabled-border': 'var(--border-1)',
    '--mantine-primary-color-filled': 'var(--ink)',
    '--mantine-primary-color-filled-hover': 'var(--ink-hover)',
    '--mantine-primary-color-contrast': 'var(--on-ink)',
    '--mantine-primary-color-light': 'var(--surface-3)',
    '--mantine-primary-color-light-hover': 'var(--surface-4)',
    '--mantine-primary-color-light-color': 'var(--text-1)',
  };
  return { variables: {}, dark: tokens, light: tokens };
};
