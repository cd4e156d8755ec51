/** The entries as rows: scheme, id, five permissions, shorthand. */
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { KeyRound, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AclDto } from '../../../../shared/api/common.ts';
import { Perms, formatPerms } from '../../../../shared/acl.ts';
import { classNames } from '../../../components/class-names.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { PERM_BITS, SCHEMES, findIdProblem } from './acl-model.ts';
import { DigestDialog } from './digest-dialog.tsx';
import classes from './acl.module.css';

interface AclTableProps {
  readonly entries: readonly AclDto[];
  readonly aversion: number;
  readonly isReadOnly: boolean;
  /** Entries that repeat another's identity. */
  readonly duplicates: ReadonlySet<number>;
  readonly onChange: (entries: readonly AclDto[]) => void;
}

export function AclTable({ entries, aversion, isReadOnly, duplicates, onChange }: AclTableProps): ReactNode {
  const t = useTexts();
  const [isDigestOpen, setDigestOpen] = useState(false);
  return (
    <div className={classes.card}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('browse:acl.scheme')}</th>
            <th scope="col">{t('browse:acl.identity')}</th>
            {PERM_BITS.map(({ name }) => (
              <th
                key={name}
                scope="col"
                className={classes.permHead}
                title={t(`browse:acl.permWhat.${name}`)}
              >
                {t(`browse:acl.perm.${name}`)}
              </th>
            ))}
            <th scope="col">{t('browse:acl.short')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('browse:acl.remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, at) => (
            <AclRow
              key={at}
              entry={entry}
              number={at + 1}
              isReadOnly={isReadOnly}
              isDuplicate={duplicates.has(at)}
              isOnly={entries.length === 1}
              onChange={(next) => {
                onChange(entries.with(at, next));
              }}
              onRemove={() => {
                onChange(entries.toSpliced(at, 1));
              }}
            />
          ))}
        </tbody>
      </table>
      <div className={classes.cardFoot}>
        <Button
          variant="subtle"
          leftSection={<Plus size={14} strokeWidth={1.75} />}
          disabled={isReadOnly}
          onClick={() => {
            onChange([...entries, { perms: Perms.READ, scheme: 'digest', id: '' }]);
          }}
        >
          {t('browse:acl.add')}
        </Button>
        <Button
          variant="subtle"
          leftSection={<KeyRound size={14} strokeWidth={1.75} />}
          disabled={isReadOnly}
          onClick={() => {
            setDigestOpen(true);
          }}
        >
          {t('browse:acl.digest')}
        </Button>
        <span className={classes.gap} />
        <span className={classes.aversion}>
          aversion <span className="mono">{aversion}</span>
        </span>
      </div>
      {isDigestOpen && (
        <DigestDialog
          onClose={() => {
            setDigestOpen(false);
          }}
          onAdd={(id) => {
            setDigestOpen(false);
            onChange([...entries, { perms: Perms.ALL, scheme: 'digest', id }]);
          }}
        />
      )}
    </div>
  );
}

interface AclRowProps {
  readonly entry: AclDto;
  readonly number: number;
  readonly isReadOnly: boolean;
  readonly isDuplicate: boolean;
  /** The server takes no empty list. */
  readonly isOnly: boolean;
  readonly onChange: (entry: AclDto) => void;
  readonly onRemove: () => void;
}

/** The id that goes with a scheme when it is chosen: `anyone` for world, nothing for auth. */
function idForScheme(scheme: string, id: string): string {
  if (scheme === 'world') return 'anyone';
  return scheme === 'auth' || id === 'anyone' ? '' : id;
}

function AclRow({
  entry,
  number,
  isReadOnly,
  isDuplicate,
  isOnly,
  onChange,
  onRemove,
}: AclRowProps): ReactNode {
  const t = useTexts();
  const problem = findIdProblem(entry);
  const isWorld = entry.scheme === 'world';
  const isHarmful = isWorld && (entry.perms & ~Perms.READ) !== 0;
  const schemes = SCHEMES.some((scheme) => scheme === entry.scheme)
    ? [...SCHEMES]
    : [...SCHEMES, entry.scheme];
  const idError =
    problem === undefined
      ? isDuplicate
        ? t('browse:acl.duplicate')
        : undefined
      : t(`browse:acl.problem.${problem}`);
  return (
    <tr>
      <td className={classes.schemeCell}>
        <Select
          aria-label={t('browse:acl.schemeOf', { number })}
          data={schemes}
          value={entry.scheme}
          allowDeselect={false}
          disabled={isReadOnly}
          onChange={(scheme) => {
            if (scheme !== null) onChange({ ...entry, scheme, id: idForScheme(scheme, entry.id) });
          }}
        />
      </td>
      <td className={classes.idCell}>
        <TextInput
          aria-label={t('browse:acl.identityOf', { number })}
          className={classNames(classes.id, isHarmful && classes.harmful)}
          value={entry.id}
          placeholder={t(`browse:acl.placeholder.${placeholderOf(entry.scheme)}`)}
          disabled={isReadOnly || isWorld || entry.scheme === 'auth'}
          error={idError}
          onChange={(event) => {
            onChange({ ...entry, id: event.currentTarget.value });
          }}
        />
      </td>
      {PERM_BITS.map(({ name, bit }) => {
        const isHarm = isWorld && bit !== Perms.READ;
        return (
          <td key={name} className={classes.permCell}>
            <Checkbox
              aria-label={t('browse:acl.permOf', { perm: t(`browse:acl.perm.${name}`), number })}
              className={classNames(isHarm && classes.harmfulCheck)}
              checked={(entry.perms & bit) !== 0}
              disabled={isReadOnly}
              onChange={(event) => {
                const isSet = event.currentTarget.checked;
                onChange({ ...entry, perms: isSet ? entry.perms | bit : entry.perms & ~bit });
              }}
            />
          </td>
        );
      })}
      <td className={classes.short}>{formatPerms(entry.perms) || '–'}</td>
      <td className={classes.removeCell}>
        <IconButton
          icon={X}
          label={isOnly ? t('browse:acl.removeOnly') : t('browse:acl.removeOf', { number })}
          disabled={isReadOnly || isOnly}
          onClick={onRemove}
        />
      </td>
    </tr>
  );
}

function placeholderOf(scheme: string): 'digest' | 'ip' | 'sasl' | 'x509' | 'auth' | 'other' {
  switch (scheme) {
    case 'digest':
    case 'ip':
    case 'sasl':
    case 'x509':
    case 'auth':
      return scheme;
    default:
      return 'other';
  }
}
