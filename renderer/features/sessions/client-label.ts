/** What a client is called, and what may be named: a session, or the host that it comes from. Pure. */
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';

/** `10.0.0.7:4711` → `10.0.0.7`; an IPv6 address may have colons of its own. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}

/** What a person may type to mean this session: its id, and its name where it has one. */
export function namesOf({ sessionId, label }: Pick<SessionDto, 'sessionId' | 'label'>): readonly string[] {
  return label === null ? [sessionId] : [label.text, sessionId];
}

/** Whether what is typed names the session; letter by letter, but for blanks around it. */
export function isNamedBy(typed: string, session: Pick<SessionDto, 'sessionId' | 'label'>): boolean {
  return namesOf(session).includes(typed.trim());
}

/** The name of a session of a list, else its id. */
export function nameOfSession(sessionId: string, { sessions }: Pick<SessionList, 'sessions'>): string {
  return sessions.find((session) => session.sessionId === sessionId)?.label?.text ?? sessionId;
}
