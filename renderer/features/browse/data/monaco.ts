/**
 * The editor, with what Zabra needs of it and no more: find, folding, JSON, XML, YAML, differences. Only lazily loaded
 * modules may import this file; the build checks it. Colours come from tokens.css, so both themes follow them.
 */
import { editor } from 'monaco-editor/editor';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/diffEditor/register';
// The difference editor does not start without the outline service that this one brings.
import 'monaco-editor/features/documentSymbols/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
// Ctrl+M lets Tab leave the editor: without it the keyboard could not.
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/unicodeHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/languages/definitions/ini/register';
import 'monaco-editor/languages/definitions/xml/register';
import 'monaco-editor/languages/definitions/yaml/register';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import './json-language.ts';
import type { ThemeName } from '../../../theme/theme-provider.tsx';

export { editor };

self.MonacoEnvironment = {
  getWorker: () => new EditorWorker(),
};

/** The values of tokens now, as hex digits: the editor takes no other spelling, and a bundler may shorten what we wrote. */
function readTokens(names: Iterable<string>): ReadonlyMap<string, string> {
  const probe = document.body.appendChild(document.createElement('span'));
  const colors = new Map<string, string>();
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    colors.set(name, hexOf(getComputedStyle(probe).color));
  }
  probe.remove();
  return colors;
}

/** `#rrggbbaa` from a computed colour: `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.4)`. */
function hexOf(computed: string): string {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (computed.match(/[\d.]+/g) ?? []).map(Number);
  const parts = [red, green, blue, Math.round(alpha * 255)];
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

const EDITOR_COLORS: Readonly<Record<string, string>> = {
  'editor.background': 'surface-2',
  'editor.foreground': 'text-1',
  'editor.lineHighlightBackground': 'surface-3',
  'editor.lineHighlightBorder': 'surface-3',
  'editor.selectionBackground': 'select',
  'editor.inactiveSelectionBackground': 'select-soft',
  'editor.findMatchBackground': 'mark',
  'editor.findMatchHighlightBackground': 'mark',
  'editorLineNumber.foreground': 'text-3',
  'editorLineNumber.activeForeground': 'text-2',
  'editorCursor.foreground': 'text-1',
  'editorIndentGuide.background1': 'border-1',
  'editorIndentGuide.activeBackground1': 'border-2',
  'editorWidget.background': 'surface-pop',
  'editorWidget.foreground': 'text-1',
  'editorWidget.border': 'border-2',
  'editorHoverWidget.background': 'surface-pop',
  'editorHoverWidget.border': 'border-2',
  'editorBracketMatch.background': 'surface-4',
  'editorBracketMatch.border': 'border-2',
  'editorError.foreground': 'danger',
  'editorWarning.foreground': 'warn',
  'diffEditor.insertedLineBackground': 'diff-add-bg',
  'diffEditor.insertedTextBackground': 'diff-add-word',
  'diffEditor.removedLineBackground': 'diff-del-bg',
  'diffEditor.removedTextBackground': 'diff-del-word',
  'diffEditor.border': 'border-1',
  'input.background': 'surface-1',
  'input.foreground': 'text-1',
  'input.border': 'border-2',
  focusBorder: 'focus',
  'menu.background': 'surface-pop',
  'menu.foreground': 'text-1',
  'menu.selectionBackground': 'surface-4',
  'scrollbarSlider.background': 'border-2',
  'scrollbarSlider.hoverBackground': 'border-3',
  'scrollbarSlider.activeBackground': 'border-3',
  'scrollbar.shadow': 'surface-2',
};

const SYNTAX: readonly (readonly [string, string])[] = [
  ['string.key.json', 'syn-key'],
  ['string.value.json', 'syn-string'],
  ['string', 'syn-string'],
  ['number', 'syn-number'],
  ['keyword', 'syn-const'],
  ['delimiter', 'syn-punct'],
  ['comment', 'syn-comment'],
  ['tag', 'syn-key'],
  ['type', 'syn-key'],
  ['attribute.name', 'syn-number'],
  ['attribute.value', 'syn-string'],
];

/** Gives every editor the colours of a theme. Demands that the page shows that theme already. */
export function applyEditorTheme(theme: ThemeName): void {
  const tokens = readTokens([...Object.values(EDITOR_COLORS), ...SYNTAX.map(([, color]) => color)]);
  const hex = (name: string): string => tokens.get(name) ?? '#000000ff';
  editor.defineTheme('zabra', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: SYNTAX.map(([token, color]) => ({ token, foreground: hex(color).slice(1, 7) })),
    colors: Object.fromEntries(Object.entries(EDITOR_COLORS).map(([key, color]) => [key, hex(color)])),
  });
  editor.setTheme('zabra');
}

/** Of the text rather than of the editor. Brackets are no matter of taste: colour means something here. */
export const MODEL_OPTIONS = {
  tabSize: 2,
  insertSpaces: true,
  trimAutoWhitespace: false,
  bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
} as const satisfies editor.ITextModelUpdateOptions;

export const EDITOR_OPTIONS = {
  automaticLayout: true,
  fontFamily: "'JetBrains Mono', 'SF Mono', Consolas, 'Noto Sans Mono CJK SC', ui-monospace, monospace",
  fontSize: 12.5,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  renderControlCharacters: true,
  // Bytes must come back as they were: the editor may neither ask to remove nor remove anything by itself.
  unusualLineTerminators: 'off',
  stickyScroll: { enabled: false },
  overviewRulerLanes: 0,
  padding: { top: 8, bottom: 8 },
  folding: true,
  wordWrap: 'off',
  fixedOverflowWidgets: true,
  largeFileOptimizations: true,
  tabFocusMode: false,
  accessibilitySupport: 'auto',
} as const satisfies editor.IStandaloneEditorConstructionOptions;
