/** What the palette lists for a text: a path with its completions, commands, connections; each knows how to run. */
import { useQuery } from '@tanstack/react-query';
import { CornerDownRight, FileText, type LucideIcon, Play } from 'lucide-react';
import { useMemo } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import { isValidPath, joinPath } from '../../../shared/path.ts';
import { api } from '../../api/client.ts';
import { type Command, availableCommands, execute, useCommandStore } from '../../app/commands.ts';
import { usePathCompletion } from '../../app/path-completion.ts';
import { splitTypedPath } from '../../app/typed-path.ts';
import { openConnection, selectPath, useWorkspace } from '../../app/workspace.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { type Mark, matchText } from './palette-model.ts';

export interface Entry {
  readonly id: string;
  readonly icon: LucideIcon | null;
  readonly title: string;
  readonly marks: readonly Mark[];
  readonly isMono: boolean;
  readonly hint: string;
  readonly shortcut: string | null;
  readonly profile: ConnectionProfile | null;
  /** What Tab puts into the field. */
  readonly completion: string | null;
  readonly run: () => void | Promise<void>;
}

export interface EntryGroup {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Opens what is open already. */
const PALETTE_COMMAND = 'frame.palette';
/** So many completions of a path are listed. */
const NAMES_MAX = 20;

export function usePaletteEntries(text: string): readonly EntryGroup[] {
  const t = useTexts();
  const connectionId = useWorkspace((state) => state.connectionId);
  const commands = useCommandStore((state) => state.commands);
  const { data: profiles } = useQuery(api.connections.list.queryOptions());
  const isPath = text.startsWith('/');
  const names = usePathCompletion(connectionId, isPath ? text : '');
  return useMemo(() => {
    if (isPath) return connectionId === null ? [] : pathGroups(text, names, t);
    const wanted = text.replace(/^>\s*/, '');
    return [commandGroup(wanted, t), connectionGroup(text, profiles ?? [], t)].filter(
      ({ entries }) => entries.length > 0,
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- commands decide what availableCommands() returns
  }, [isPath, connectionId, text, names, t, profiles, commands]);
}

function pathGroups(text: string, names: readonly string[], t: Texts): readonly EntryGroup[] {
  const typed = splitTypedPath(text);
  const groups: EntryGroup[] = [];
  const path = text.length > 1 && text.endsWith('/') ? text.slice(0, -1) : text;
  const isNameOfList = typed !== null && names.includes(typed.beginning);
  if (isValidPath(path) && !isNameOfList) {
    const entry = pathEntry(path, t('palette.goTo', { path }), []);
    groups.push({
      id: 'path',
      title: t('palette.groupPath'),
      entries: [{ ...entry, icon: CornerDownRight }],
    });
  }
  if (typed && names.length > 0) {
    const prefix = joinPath(typed.parent, '');
    const marks = typed.beginning === '' ? [] : [{ start: prefix.length, end: text.length }];
    const entries = names.slice(0, NAMES_MAX).map((name) => {
      const full = joinPath(typed.parent, name);
      return pathEntry(full, full, marks);
    });
    groups.push({ id: 'names', title: t('palette.groupChildren', { parent: typed.parent }), entries });
  }
  return groups;
}

function pathEntry(path: string, title: string, marks: readonly Mark[]): Entry {
  return {
    id: `path ${path}`,
    icon: FileText,
    title,
    marks,
    isMono: true,
    hint: '',
    shortcut: null,
    profile: null,
    completion: path === '/' ? '/' : `${path}/`,
    run: () => {
      selectPath(path);
    },
  };
}

function commandGroup(query: string, t: Texts): EntryGroup {
  const found = availableCommands()
    .filter(({ id }) => id !== PALETTE_COMMAND)
    .map((command) => ({ command, title: t(command.titleKey), match: matchText(t(command.titleKey), query) }))
    .filter((one) => one.match !== null)
    .sort((a, b) => (a.match?.rank ?? 0) - (b.match?.rank ?? 0));
  return {
    id: 'commands',
    title: t('palette.groupCommands'),
    entries: found.map(({ command, title, match }) => commandEntry(command, title, match?.marks ?? [], t)),
  };
}

function commandEntry(command: Command, title: string, marks: readonly Mark[], t: Texts): Entry {
  return {
    id: `command ${command.id}`,
    icon: command.icon ?? Play,
    title,
    marks,
    isMono: false,
    hint: command.hintKey === undefined ? '' : t(command.hintKey),
    shortcut: command.shortcut ?? null,
    profile: null,
    completion: null,
    run: async () => execute(command),
  };
}

function connectionGroup(query: string, profiles: readonly ConnectionProfile[], t: Texts): EntryGroup {
  const entries = profiles.flatMap((profile): Entry[] => {
    const byName = matchText(profile.name, query);
    const servers = `${profile.servers}${profile.chroot}`;
    if (!byName && !matchText(servers, query)) return [];
    return [
      {
        id: `connection ${profile.connectionId}`,
        icon: null,
        title: profile.name,
        marks: byName?.marks ?? [],
        isMono: false,
        hint: servers,
        shortcut: null,
        profile,
        completion: null,
        run: async () => openConnection(profile.connectionId),
      },
    ];
  });
  return { id: 'connections', title: t('palette.groupConnections'), entries };
}
